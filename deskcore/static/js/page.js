// What the other parts know of the page: its words in the reader's language, and where typing goes.

/** A sentence of the page's word list, in the reader's language. */
export function word(name) {
  return document.getElementById('words-template')?.dataset[name] ?? '';
}

/** Whether keys pressed in this element are text, not commands. */
export function takesText(element) {
  if (!(element instanceof Element)) return false;
  if (element.closest('[contenteditable="true"], textarea, select')) return true;
  return element.matches('input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file])');
}

/** Whether the element is drawn at all. */
export function isShown(element) {
  // What a closed <details> hides still has boxes in Chromium, so ask for both.
  return Boolean(element) && element.getClientRects().length > 0 && element.checkVisibility?.() !== false;
}

/** Run *act* now and again whenever htmx has put something new into the page. */
export function onContent(act) {
  act(document);
  document.addEventListener('htmx:after:process', event => act(event.target instanceof Element ? event.target : document));
}

/** All elements of *root*, itself included, that match. */
export function within(root, selector) {
  const inside = [...root.querySelectorAll(selector)];
  if (root instanceof Element && root.matches(selector)) inside.unshift(root);
  return inside;
}
