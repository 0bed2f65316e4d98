// Toasts: good news leaves by itself, an undo counts down, bad news stays until dismissed.
import { onContent, within } from './page.js';

const GOOD_NEWS_MS = 7000;
const LEAVING_MS = 160;

export function leave(toast) {
  const hadFocus = toast.contains(document.activeElement);
  toast.classList.add('leaving');
  setTimeout(() => {
    toast.remove();
    if (hadFocus) document.getElementById('main')?.focus();
  }, LEAVING_MS);
}

// "goes out in 10 s": the eye sees the number fall, the ear hears the sentence once.
function fallingNumber(toast) {
  const text = toast.querySelector('.toast-text');
  const [before, after] = text.textContent.split(toast.dataset.seconds, 2);
  if (after === undefined) return null;
  const heard = document.createElement('span');
  heard.className = 'vh';
  const seen = document.createElement('span');
  seen.className = 'num';
  seen.setAttribute('aria-hidden', 'true');
  heard.textContent = seen.textContent = toast.dataset.seconds;
  text.replaceChildren(before, heard, seen, after);
  return seen;
}

function countDown(toast) {
  const shown = fallingNumber(toast);
  const end = performance.now() + Number(toast.dataset.seconds) * 1000;
  const timer = setInterval(() => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (shown) shown.textContent = String(Math.max(left, 0));
    if (left > 0 && toast.isConnected) return;
    clearInterval(timer);
    if (toast.isConnected) leave(toast);
  }, 250);
}

// Somebody who points at a toast or is in it wants to read it.
function leaveWhenRead(toast) {
  const later = () => setTimeout(() => {
    if (!toast.isConnected) return;
    if (toast.matches(':hover, :focus-within')) later();
    else leave(toast);
  }, GOOD_NEWS_MS);
  later();
}

/** Say *text* at once, without the server. */
export function say(text, kind = 'ok') {
  const toast = document.createElement('div');
  toast.className = kind === 'bad' ? 'toast toast-bad' : 'toast';
  toast.dataset.toast = kind;
  toast.textContent = text;
  document.getElementById(kind === 'bad' ? 'alerts' : 'toasts')?.append(toast);
  leaveWhenRead(toast);
}

/** Press the newest Undo there is. */
export function undoLast() {
  const form = [...document.querySelectorAll('[data-undo]')].at(-1);
  form?.requestSubmit();
  return Boolean(form);
}

export function startToasts() {
  onContent(root => {
    for (const toast of within(root, '[data-toast]')) {
      if (toast.dataset.started) continue;
      toast.dataset.started = 'yes';
      if (toast.dataset.seconds) countDown(toast);
      else if (toast.dataset.toast !== 'bad') leaveWhenRead(toast);
    }
  });
  document.addEventListener('submit', event => {
    const undone = event.target.closest('[data-undo]')?.closest('[data-toast]');
    if (undone) setTimeout(leave, 0, undone);
  });
}
