// The one dialog, questions before what cannot be undone, and menus that close by themselves.

function dialog() {
  return document.getElementById('dialog');
}

// A field that gets its focus back from a dialog has its cursor at its start in Chromium.
let cursor = null;

function openModal() {
  const field = document.activeElement;
  cursor = field?.matches('textarea') ? { field, at: [field.selectionStart, field.selectionEnd] } : null;
  dialog().showModal();
}

function putCursorBack() {
  if (cursor && document.activeElement === cursor.field) cursor.field.setSelectionRange(...cursor.at);
  cursor = null;
}

export function closeDialog() {
  dialog()?.close();
  putCursorBack();
}

/** Ask in the dialog; *proceed* runs after a yes. The button says what will happen. */
function ask(question, submitter, proceed) {
  const box = dialog();
  box.replaceChildren(document.getElementById('confirm-template').content.cloneNode(true));
  box.querySelector('[data-text]').textContent = question;
  const ok = box.querySelector('#dialog-ok');
  const label = submitter?.textContent.trim();
  if (label) ok.querySelector('span').textContent = label;
  if (submitter?.matches('.btn-danger, .btn-danger-solid')) ok.classList.replace('btn-primary', 'btn-danger-solid');
  ok.addEventListener('click', () => { closeDialog(); proceed(); }, { once: true });
  box.showModal();
  box.querySelector('#dialog-cancel').focus();
}

function confirmFirst(event) {
  const form = event.target;
  if (!form.dataset?.confirm || form.dataset.confirmed) {
    delete form.dataset?.confirmed;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter;
  ask(form.dataset.confirm, submitter, () => {
    form.dataset.confirmed = 'yes';
    form.requestSubmit(submitter?.isConnected ? submitter : undefined);
  });
}

/** What is worth guarding needs the password: the dialog asks, the form carries it along. */
function passwordFirst(event) {
  const form = event.target;
  if (!('asksPassword' in (form.dataset ?? {})) || form.elements.confirm_password) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter;
  const box = dialog();
  box.replaceChildren(document.getElementById('password-template').content.cloneNode(true));
  box.querySelector('form').addEventListener('submit', () => {
    const typed = document.createElement('input');
    Object.assign(typed, { type: 'hidden', name: 'confirm_password', value: box.querySelector('input').value });
    form.append(typed);
    form.dataset.confirmed = 'yes';
    form.requestSubmit(submitter?.isConnected ? submitter : undefined);
  }, { once: true });
  box.showModal();
  box.querySelector('input').focus();
}

/** Open the dialog with *nodes*; the first is its heading. */
export function showInDialog(nodes) {
  dialog().replaceChildren(...nodes);
  openModal();
}

/** Close every open menu; tells whether there was one. Focus goes back to its button. */
export function closeMenus(except = null) {
  const open = [...document.querySelectorAll('details[data-menu][open]')].filter(menu => menu !== except);
  for (const menu of open) {
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus) menu.querySelector('summary').focus();
  }
  return open.length > 0;
}

function walkMenu(event) {
  const menu = event.target.closest?.('details[data-menu][open]');
  if (!menu || !['ArrowDown', 'ArrowUp'].includes(event.key) || event.target.matches('input, select')) return;
  const items = [...menu.querySelectorAll('.menu-item')];
  const step = event.key === 'ArrowDown' ? 1 : -1;
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length]?.focus();
  event.preventDefault();
}

export function startDialogs() {
  document.addEventListener('submit', confirmFirst, true);
  document.addEventListener('submit', passwordFirst, true);
  document.addEventListener('click', event => {
    const box = dialog();
    if (event.target === box) box.close();
    closeMenus(event.target.closest?.('details[data-menu]'));
  });
  document.addEventListener('keydown', walkMenu);
  document.addEventListener('close', event => {
    if (event.target === dialog()) putCursorBack();
    // It may be open again for the next question before this is told.
    if (event.target === dialog() && !event.target.open) event.target.replaceChildren();
  }, true);
  document.addEventListener('htmx:after:swap', event => {
    const { ctx } = event.detail;
    const box = dialog();
    if (ctx?.target === box && box.childElementCount && !box.open) openModal();
    else if (box?.open && box.contains(ctx?.sourceElement) && ctx.response?.status < 400 && !box.contains(ctx.target)) box.close();
  });
}
