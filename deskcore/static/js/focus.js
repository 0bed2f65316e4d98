// Where focus and the thread's scroll go when something else is shown. Never to <body>.
import { isShown } from './page.js';

// In this order: what went wrong, what is new, what the page is.
const LANDINGS = ['.errors', '[aria-invalid="true"]', '[autofocus]', '[data-unread]', 'h1[tabindex]'];

function land(region) {
  const goal = LANDINGS.map(selector => region.querySelector(selector)).find(isShown) ?? region;
  if (!goal.matches('a, button, input, select, textarea, [tabindex]')) goal.tabIndex = -1;
  goal.focus({ preventScroll: true });
}

function scrollThread() {
  const thread = document.querySelector('.thread');
  if (!thread) return;
  const unread = thread.querySelector('[data-unread]');
  if (unread) unread.scrollIntoView({ block: 'start' });
  else thread.scrollTop = thread.scrollHeight;
}

/** Mark the row of the ticket that is shown; the list itself is not drawn again. */
function markRow() {
  for (const row of document.querySelectorAll('[data-row]')) {
    const isShownNow = new URL(row.href).pathname === location.pathname;
    if (!isShownNow) {
      row.removeAttribute('aria-current');
      continue;
    }
    row.setAttribute('aria-current', 'true');
    row.closest('.row').classList.add('row-read');
    row.closest('.row').scrollIntoView({ block: 'nearest' });
  }
}

// What was shown before the swap: a new address in #main is another page, not an update.
let shown = location.pathname;

function afterSwap(event) {
  const { ctx } = event.detail;
  const target = typeof ctx?.target === 'string' ? document.querySelector(ctx.target) : ctx?.target;
  const isNewPage = location.pathname !== shown;
  shown = location.pathname;
  if (isNewPage) {
    document.querySelector('#nav:popover-open, #side:popover-open')?.hidePopover();
    markRow();
    scrollThread();
  }
  const main = document.getElementById('main');
  const isRefused = ctx?.response?.status === 422;
  if ((isNewPage || isRefused) && main && isShown(main)) return land(main);
  const active = document.activeElement;
  if (active && active !== document.body && isShown(active)) return undefined;
  // A menu closes when its choice is made: back to the button that opened it.
  const opener = active?.closest('details')?.querySelector('summary');
  if (isShown(opener)) return opener.focus();
  const region = target?.isConnected && target !== document.body ? target : main;
  return region && land(region);
}

export function startFocus() {
  // htmx moves the address before this event and settles focus in the same turn.
  document.addEventListener('htmx:after:swap', event => setTimeout(afterSwap, 0, event));
  document.querySelector('[data-row][aria-current]')?.closest('.row').scrollIntoView({ block: 'nearest' });
  scrollThread();
  document.querySelector('.errors')?.focus();
}
