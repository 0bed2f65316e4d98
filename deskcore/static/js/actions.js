// What buttons with data-action do. One listener for the page, so swapped-in buttons work too.
import { word } from './page.js';
import { closeDialog, showInDialog } from './dialogs.js';
import { leave, say } from './toasts.js';

// Pages on plain http have no clipboard; the old command still works there.
async function copyText(button) {
  const source = document.getElementById(button.dataset.copy);
  const text = source.value ?? source.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const selection = getSelection();
    selection.selectAllChildren(source);
    if (!document.execCommand('copy')) return say(word('select'));
    selection.removeAllRanges();
    button.focus();
  }
  return say(word('copied'));
}

// What a reader has to fill in before it is sent.
const UNFILLED = /\{\{[^{}\n]{1,99}\}\}/;

// So it can be undone; it tells the field, which grows and is kept.
function typeInto(field, text) {
  field.focus();
  if (document.execCommand('insertText', false, text)) return;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

function selectUnfilled(field, length) {
  const from = field.selectionStart - length;
  const found = UNFILLED.exec(field.value.slice(from, from + length));
  if (found) field.setSelectionRange(from + found.index, from + found.index + found[0].length);
}

// The page that offered the text counts it, and may do more; what it says of that is shown.
async function tellInserted(form) {
  const told = new FormData(form);
  told.set('inserted', '1');
  try {
    const answer = await fetch(form.action, { method: 'POST', body: told, headers: { Accept: 'text/plain' }, mode: 'same-origin', redirect: 'error' });
    const words = (await answer.text()).trim();
    if (!answer.ok) say(word('failed'), 'bad');
    else if (words) say(words);
  } catch {
    say(word('failed'), 'bad');
  }
}

// Puts a text where the cursor of the answer is. A page without an answer has its form, or the clipboard.
function insert(button, event) {
  const field = document.querySelector('[data-composer] .composer-text');
  const form = button.closest('[data-insertion]');
  if (!field) return form ? undefined : copyText(button);
  event.preventDefault();
  const text = document.getElementById(button.dataset.copy).textContent;
  if (form) tellInserted(form);
  closeDialog();
  typeInto(field, text);
  selectUnfilled(field, text.length);
  const status = field.form.elements.status;
  if (button.dataset.status && status) status.value = button.dataset.status;
  return undefined;
}

function showPassword(button) {
  const field = document.getElementById(button.dataset.for);
  const shows = field.type === 'password';
  button.dataset.off ??= button.textContent;
  field.type = shows ? 'text' : 'password';
  button.setAttribute('aria-pressed', String(shows));
  button.textContent = shows ? button.dataset.on : button.dataset.off;
}

function showShortcuts() {
  const sheet = document.getElementById('keys-template');
  if (sheet) showInDialog([sheet.content.cloneNode(true)]);
}

const ACTIONS = {
  'copy': copyText,
  'insert': insert,
  'show-password': showPassword,
  'dismiss': button => leave(button.closest('[data-toast]')),
  'close-dialog': closeDialog,
  'shortcuts': showShortcuts,
};

export function startActions() {
  document.addEventListener('click', event => {
    const button = event.target.closest?.('[data-action]');
    if (button) ACTIONS[button.dataset.action]?.(button, event);
  });
}
