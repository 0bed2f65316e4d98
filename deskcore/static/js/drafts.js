// What is being written is saved on the server. A copy stays on the device only while that fails.
import { onContent, within, word } from './page.js';

const PAUSE_MS = 800;
const timers = new WeakMap();
const flights = new WeakMap();

function deviceKey(form) {
  return `draft ${document.body.dataset.reader ?? ''} ${form.dataset.draft}`;
}

function field(form) {
  return form.querySelector('.composer-text');
}

function tell(form, text) {
  const state = form.querySelector('.composer-state');
  if (state && text) state.textContent = text;
}

function keepOnDevice(form) {
  try {
    localStorage.setItem(deviceKey(form), field(form).value);
    tell(form, word('kept'));
  } catch {
    // A full or forbidden store: the text is still in the field.
  }
}

async function save(form) {
  const draft = new FormData(form);
  for (const [name, value] of [...draft]) if (value instanceof File) draft.delete(name);
  const flight = new AbortController();
  flights.set(form, flight);
  try {
    const answer = await fetch(form.dataset.draft, {
      method: 'POST', body: draft, headers: { Accept: 'text/plain' }, mode: 'same-origin', redirect: 'error',
      keepalive: true, signal: flight.signal,
    });
    if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
    // Changed in another window: that text stays on the server, this one here.
    if (answer.ok) localStorage.removeItem(deviceKey(form));
    else keepOnDevice(form);
    if (answer.ok && form.elements.version) form.elements.version.value = answer.headers.get('Draft-Version') ?? '';
    tell(form, await answer.text());
  } catch (error) {
    if (error.name !== 'AbortError') keepOnDevice(form);
  }
}

// What is being sent must not come back as a draft.
function stopSaving(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
  flights.get(form)?.abort();
}

function saveSoon(form, delay = PAUSE_MS) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(save, delay, form));
}

// Both are kept where neither holds the other: the reader decides, nothing is lost.
function restore(form) {
  const kept = localStorage.getItem(deviceKey(form));
  if (kept === null) return;
  const text = field(form);
  if (kept.includes(text.value.trim())) text.value = kept;
  else if (!text.value.includes(kept)) text.value = `${text.value}\n\n${kept}`;
  tell(form, word('restored'));
  saveSoon(form);
}

export function startDrafts() {
  document.addEventListener('input', event => {
    const form = event.target.closest?.('form[data-draft]');
    if (form) saveSoon(form);
  });
  document.addEventListener('focusout', event => {
    const form = event.target.closest?.('form[data-draft]');
    if (form && timers.get(form) && event.target === field(form)) saveSoon(form, 0);
  });
  // A sent text is no draft any more; a refused or lost one still is.
  document.addEventListener('submit', event => {
    const form = event.target.closest('form[data-draft]');
    if (form) stopSaving(form);
    if (event.target.getAttribute('action')?.endsWith('/sign-out')) {
      Object.keys(localStorage).filter(key => key.startsWith('draft ')).forEach(key => localStorage.removeItem(key));
    }
  });
  document.addEventListener('htmx:after:request', event => {
    const source = event.detail.ctx?.sourceElement;
    const form = source?.closest?.('form[data-composer]');
    if (!form || source.matches('a')) return; // a link in it only looks something up
    const { status } = event.detail.ctx.response;
    // The session has ended: the page to sign in takes the place of this one, or soon will.
    if ((status === 401 || status === 403) && form.dataset.draft) keepOnDevice(form);
    if (status >= 400) return;
    if (form.dataset.draft) localStorage.removeItem(deviceKey(form));
    // A morph keeps typed text on purpose; this one has been sent.
    form.reset();
  });
  document.addEventListener('htmx:error', event => {
    const form = event.detail.ctx?.sourceElement?.closest?.('form[data-draft]');
    if (form) keepOnDevice(form);
  });
  addEventListener('online', () => document.querySelectorAll('form[data-draft]').forEach(form => {
    if (localStorage.getItem(deviceKey(form)) !== null) saveSoon(form);
  }));
  onContent(root => within(root, 'form[data-draft]').forEach(form => {
    if (form.dataset.restored) return;
    form.dataset.restored = 'yes';
    restore(form);
  }));
}
