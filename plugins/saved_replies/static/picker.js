// Keys of the picker: "/" opens it in an empty line, arrows walk, Enter inserts, Escape gives the "/" back.

const UNFILLED = /\{\{[^{}\n]{1,99}\}\}/;
let slashIn = null; // the answer whose "/" opened the picker
let ahead = null; // what was typed after the "/" before the picker came; null when it is not awaited
let isLeft = false; // by Escape: nobody took anything, the reader wanted a "/"
let sends = false; // Ctrl and Enter: the answer goes out as soon as the text is in it
let waits = false; // Enter was pressed before its options were there

function picker() {
  return document.querySelector('dialog[open] .saved-replies-picker');
}

function buttons() {
  return [...picker()?.querySelectorAll('.saved-replies-option [data-action="insert"]') ?? []];
}

function query() {
  return document.getElementById('saved-replies-q');
}

function isUpToDate() {
  const shown = document.getElementById('saved-replies-options')?.dataset;
  return shown?.typed === query().value.trim();
}

function walk(step) {
  const stops = [query(), ...buttons()];
  const at = stops.indexOf(document.activeElement);
  const next = stops[Math.min(Math.max((at < 0 ? 0 : at) + step, 0), stops.length - 1)];
  next.focus();
  next.closest('.saved-replies-option')?.scrollIntoView({ block: 'nearest' });
}

function insertFirst() {
  waits = !isUpToDate();
  if (!waits) buttons()[0]?.click();
}

function send() {
  const buttons = [...document.querySelectorAll('[data-composer] [data-default]')];
  buttons.find(button => button.getClientRects().length)?.click();
}

function isEmptyLine(field) {
  const { selectionStart: at, selectionEnd: end, value } = field;
  return at === end && (at === 0 || value[at - 1] === '\n') && (at === value.length || value[at] === '\n');
}

// Whoever knows what they want types on: those letters are for the search.
function typeAhead(event) {
  const isChord = event.ctrlKey || event.metaKey || event.altKey;
  if (event.isComposing || (isChord && event.key !== 'Enter')) return;
  if (event.key === 'Enter') {
    waits = true;
    sends = event.ctrlKey || event.metaKey;
  } else if (event.key.length === 1) ahead += event.key;
  else if (event.key === 'Backspace' && ahead) ahead = ahead.slice(0, -1);
  else return;
  event.preventDefault();
  event.stopPropagation(); // the desk would send the answer that is not there yet
}

function takeAhead() {
  const typed = ahead;
  ahead = null;
  if (!typed) return;
  query().value = typed;
  query().dispatchEvent(new Event('input', { bubbles: true }));
}

// The desk did not answer: what was typed is text.
function giveAheadBack() {
  if (ahead === null) return;
  const typed = `/${ahead}`;
  ahead = slashIn = null;
  waits = false;
  document.execCommand('insertText', false, typed);
}

function open(event) {
  const field = event.target;
  if (ahead !== null) return typeAhead(event);
  const button = document.querySelector('[data-composer] a[data-plugin="saved_replies"]');
  const isPlain = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  if (!button || !isPlain || 'noKeys' in document.body.dataset || !isEmptyLine(field)) return;
  event.preventDefault();
  slashIn = field;
  ahead = '';
  button.click();
}

document.addEventListener('keydown', event => {
  if (event.target.matches?.('[data-composer] .composer-text')) return open(event);
  if (!picker()) return undefined;
  isLeft = event.key === 'Escape';
  if (!picker().contains(event.target)) return undefined;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  sends = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
  if (step && !event.target.matches('select')) walk(step);
  else if (event.key === 'Enter' && event.target === query()) insertFirst();
  else if (sends && event.target.matches('[data-action="insert"]')) event.target.click();
  else return undefined;
  return event.preventDefault();
}, true);

document.addEventListener('htmx:after:swap', () => {
  if (ahead !== null && picker()) takeAhead();
  if (waits && picker() && isUpToDate()) insertFirst();
});

document.addEventListener('close', () => {
  const field = isLeft ? slashIn : null;
  if (sends) send();
  slashIn = null;
  isLeft = sends = waits = false;
  if (!field) return;
  field.focus();
  document.execCommand('insertText', false, '/');
}, true);

for (const failure of ['htmx:error', 'htmx:response:error']) document.addEventListener(failure, giveAheadBack);

// An answer that was not taken because of a placeholder: the next word typed takes its place.
document.addEventListener('htmx:after:swap', () => {
  const field = document.querySelector('[data-composer] .composer-text[aria-invalid="true"]');
  const found = field && UNFILLED.exec(field.value);
  if (!found || field.dataset.told) return;
  field.dataset.told = 'yes';
  field.focus();
  field.setSelectionRange(found.index, found.index + found[0].length);
});
