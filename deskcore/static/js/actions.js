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

// Puts a text where the cursor of the answer is. A page without an answer has the clipboard.
function insert(button) {
  const field = document.querySelector('[data-composer] textarea');
  if (!field) return copyText(button);
  const text = document.getElementById(button.dataset.copy).textContent;
  closeDialog();
  field.focus();
  // So it can be undone; it tells the field, which grows and is kept.
  if (document.execCommand('insertText', false, text)) return undefined;
  field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
  return field.dispatchEvent(new Event('input', { bubbles: true }));
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
    if (button) ACTIONS[button.dataset.action]?.(button);
  });
}
