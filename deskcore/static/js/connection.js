// News by polling, in visible tabs only, and a bar while the desk cannot be reached.
import { word } from './page.js';
import { say } from './toasts.js';

const FIRST_MS = 3000;
const USUAL_S = 15;
const due = new WeakMap();

function bar(text) {
  const conn = document.getElementById('conn');
  if (!conn || conn.textContent === text) return;
  const line = document.createElement('span');
  line.className = 'conn-text';
  line.textContent = text;
  conn.replaceChildren(...text ? [line] : []);
}

// A composer in use is not drawn anew: its text, what it asks and the key it sends under are one.
function isWriting() {
  const composer = document.getElementById('composer');
  if (!composer) return false;
  return composer.matches(':focus-within') || Boolean(composer.querySelector('[role=alert], [aria-invalid]')) ||
    Boolean(composer.elements.body.value.trim() || composer.elements.files?.value);
}

// A list under a pointer or with focus is not reordered: the server then only says what is new.
function sayWhatIsInUse(element) {
  const [busy, writing] = ['busy', 'writing'].map(name => element.querySelector(`[name=${name}]`));
  if (busy) busy.value = document.querySelector('#list:hover, #list:focus-within') ? '1' : '0';
  if (writing) writing.value = isWriting() ? '1' : '0';
}

function poll(everything = false) {
  if (document.hidden || !navigator.onLine) return;
  for (const element of document.querySelectorAll('[data-poll]')) {
    const now = performance.now();
    const every = (Number(element.dataset.poll) || USUAL_S) * 1000;
    if (!due.has(element)) due.set(element, now + FIRST_MS);
    due.set(element, Math.min(due.get(element), now + every)); // it may be asked more often by now
    if (!everything && due.get(element) > now) continue;
    due.set(element, now + every);
    sayWhatIsInUse(element);
    element.dispatchEvent(new CustomEvent('desk:poll'));
  }
}

function showState() {
  bar(navigator.onLine ? '' : document.getElementById('conn')?.dataset.offline ?? '');
}

export function startConnection() {
  setInterval(poll, 1000);
  document.addEventListener('visibilitychange', () => poll(true));
  addEventListener('online', () => { showState(); poll(true); });
  addEventListener('offline', showState);
  document.addEventListener('htmx:before:request', () => document.body.classList.add('busy'));
  document.addEventListener('htmx:finally:request', () => document.body.classList.remove('busy'));
  document.addEventListener('htmx:after:request', showState);
  document.addEventListener('htmx:error', event => {
    const { ctx } = event.detail;
    if (!ctx || ctx.response) return;
    bar(document.getElementById('conn')?.dataset[navigator.onLine ? 'slow' : 'offline'] ?? '');
    // What failed by itself is not worth a word; something a person did is.
    if (!ctx.sourceElement?.matches('[data-poll], [data-lazy]')) say(word('failed'), 'bad');
  });
  showState();
}
