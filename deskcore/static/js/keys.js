// Keys without a mouse. Single keys rest in fields, and where the reader has switched them off.
import { isShown, takesText } from './page.js';
import { closeMenus } from './dialogs.js';
import { undoLast } from './toasts.js';

/**
 * Name the key of an event the same on every layout: Latin letters by what they print, other
 * scripts by where they sit. AltGr, dead keys and input methods are typing, never commands.
 */
export function keyOf(event) {
  if (event.isComposing || event.key === 'Process' || event.key === 'Dead') return '';
  if (event.getModifierState?.('AltGraph')) return '';
  let key = event.key;
  const isLetter = /^[a-z]$/i.test(key);
  if (key.length === 1 && !isLetter && /^Key[A-Z]$/.test(event.code ?? '')) key = event.code[3];
  if (key.length === 1) key = key.toLowerCase();
  const shifts = event.shiftKey && (/^[a-z]$/.test(key) || key.length > 1);
  return [(event.ctrlKey || event.metaKey) && 'mod', event.altKey && 'alt', shifts && 'shift', key]
    .filter(Boolean).join('+');
}

// "g" waits this long for its second letter.
const PREFIX_MS = 1200;
let prefix = '';
let prefixTimer = 0;

function press(element) {
  if (element.matches('summary')) {
    element.click();
    element.parentElement.querySelector('.menu-item')?.focus();
  } else if (element.matches('input, textarea, select')) {
    element.focus();
  } else {
    element.click();
  }
}

function rows() {
  return [...document.querySelectorAll('[data-row]')].filter(isShown);
}

function moveAlongRows(step, opens) {
  const all = rows();
  if (!all.length) return false;
  const focused = all.indexOf(document.activeElement);
  const current = all.findIndex(row => row.hasAttribute('aria-current'));
  const from = focused >= 0 ? focused : current;
  const row = all[Math.min(Math.max(from + step, 0), all.length - 1)];
  if (focused < 0 && opens && current >= 0) {
    if (row !== all[current]) row.click();
    return true;
  }
  row.focus();
  row.scrollIntoView({ block: 'nearest' });
  return true;
}

function answerAs(mode) {
  const choice = document.querySelector(`[data-composer] [name=mode][value=${mode}]`);
  if (!choice) return false;
  choice.checked = true;
  choice.dispatchEvent(new Event('change', { bubbles: true }));
  choice.form.querySelector('.composer-text').focus();
  return true;
}

function openRow() {
  const row = document.activeElement?.closest?.('[data-row]');
  row?.click();
  return Boolean(row);
}

const COMMANDS = {
  j: () => moveAlongRows(1, true),
  k: () => moveAlongRows(-1, true),
  o: openRow,
  r: () => answerAs('reply'),
  n: () => answerAs('note'),
  z: undoLast,
  '?': () => { document.querySelector('[data-action=shortcuts]')?.click(); return true; },
};

function command(name) {
  if (COMMANDS[name]?.()) return true;
  const element = [...document.querySelectorAll(`[data-key="${CSS.escape(name)}"]`)].find(isShown)
    ?? document.querySelector(`[data-key="${CSS.escape(name)}"]`);
  if (!element) return false;
  press(element);
  return true;
}

function sendFrom(field) {
  const form = field.closest('[data-composer], form');
  const button = [...form?.querySelectorAll('[data-default]') ?? []].find(isShown);
  button?.click();
  return Boolean(button);
}

function escapeFrom(element) {
  if (closeMenus()) return true;
  if (takesText(element)) {
    element.blur();
    (element.closest('.thread, #main') ?? document.getElementById('main'))?.focus();
    return true;
  }
  const back = document.getElementById('back');
  if (isShown(back)) { back.click(); return true; }
  const row = document.querySelector('[data-row][aria-current]');
  row?.focus();
  return Boolean(row);
}

function single(name, event) {
  const isArrow = name === 'arrowdown' || name === 'arrowup';
  if (isArrow && event.target.closest?.('[data-row]')) return moveAlongRows(name === 'arrowdown' ? 1 : -1, false);
  if (prefix) {
    const whole = `${prefix} ${name}`;
    prefix = '';
    return command(whole);
  }
  if (name === 'g') {
    prefix = 'g';
    clearTimeout(prefixTimer);
    prefixTimer = setTimeout(() => { prefix = ''; }, PREFIX_MS);
    return true;
  }
  return command(name);
}

export function startKeys() {
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
    const name = keyOf(event).replace('ArrowDown', 'arrowdown').replace('ArrowUp', 'arrowup');
    let done = false;
    if (name === 'mod+Enter') done = sendFrom(event.target);
    else if (name === 'Escape') done = !document.querySelector(':popover-open') && escapeFrom(event.target);
    else if (takesText(event.target) || /^(mod|alt)\+/.test(name) || 'noKeys' in document.body.dataset) return;
    else if (name) done = single(name, event);
    if (done) event.preventDefault();
  });
}
