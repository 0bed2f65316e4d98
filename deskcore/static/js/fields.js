// Fields that grow, forms that are sent once, choices that send themselves.
import { onContent, within } from './page.js';

// Where CSS cannot size a field to its text yet.
const NEEDS_GROWING = !CSS.supports('field-sizing', 'content');

function grow(field) {
  field.style.blockSize = 'auto';
  field.style.blockSize = `${field.scrollHeight + 2}px`;
}

// The button stays enabled: a disabled one would not be sent along with the form.
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === 'dialog' || form.method === 'get') return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  event.submitter?.setAttribute('aria-disabled', 'true');
}

function allowAgain() {
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    form.querySelector('[aria-disabled]')?.removeAttribute('aria-disabled');
  }
}

// The field itself is a paperclip, so the chosen names are told beside it.
function nameFiles(field) {
  const names = [...field.files].map(file => {
    const tag = document.createElement('span');
    tag.className = 'tag';
    tag.textContent = file.name;
    return tag;
  });
  document.getElementById(field.dataset.attach)?.replaceChildren(...names);
}

// The server guesses the zone from the language; the browser knows it, unless somebody chose one.
function guessZone(field) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isOffered = [...field.options].some(option => option.value === zone);
  if (isOffered && field.value === field.dataset.guessZone) field.value = zone;
}

// After too many tries: the sentence says how long, the eye sees it pass.
function countWait(place) {
  const end = performance.now() + Number(place.dataset.wait) * 1000;
  const timer = setInterval(show, 250);
  function show() {
    const left = Math.max(Math.ceil((end - performance.now()) / 1000), 0);
    place.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    if (!left || !place.isConnected) clearInterval(timer);
  }
  show();
}

// Characters as the desk counts them: whole ones, without the white space around the text.
function countLeft(field) {
  for (const place of document.querySelectorAll(`[data-left-of="${CSS.escape(field.id)}"]`)) {
    const left = Number(place.dataset.most) - [...field.value.trim()].length;
    place.textContent = left;
    place.toggleAttribute('data-over', left < 0);
  }
}

export function startFields() {
  document.addEventListener('input', event => event.target.id && countLeft(event.target));
  onContent(root => within(root, '[data-left-of]').forEach(place => {
    const field = document.getElementById(place.dataset.leftOf);
    if (field) countLeft(field);
  }));
  onContent(root => within(root, '[data-wait]').forEach(countWait));
  document.querySelectorAll('[data-guess-zone]').forEach(guessZone);
  if (NEEDS_GROWING) {
    document.addEventListener('input', event => event.target.matches('[data-grow]') && grow(event.target));
    onContent(root => within(root, '[data-grow]').forEach(grow));
  }
  document.addEventListener('change', event => {
    const form = event.target.form;
    if (event.target.dataset.attach) nameFiles(event.target);
    if (form && 'autosubmit' in form.dataset) form.requestSubmit();
  });
  document.addEventListener('reset', event => setTimeout(() => {
    event.target.querySelectorAll('[data-attach]').forEach(nameFiles);
  }));
  document.addEventListener('submit', sendOnce);
  addEventListener('pageshow', event => event.persisted && allowAgain());
}
