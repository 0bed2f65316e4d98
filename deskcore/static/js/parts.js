// Parts of pages that are fetched when they come into view: what is said when they do not come.

function fail({ detail: { ctx } }) {
  const link = ctx?.sourceElement;
  const words = link?.matches('[data-lazy]') && link.closest('.lazy')?.querySelector('[data-failed]');
  if (words) words.hidden = false;
}

export function startParts() {
  document.addEventListener('htmx:response:error', fail);
  document.addEventListener('htmx:error', fail);
}
