// Fields are put in order by dragging, besides their buttons: a drop presses the button of a form.

function rows() {
  return [...document.querySelectorAll('[data-web-form-row]')];
}

let dragged = null;

function prepare() {
  for (const row of rows()) row.draggable = true;
}

document.addEventListener('dragstart', (event) => {
  dragged = event.target.closest?.('[data-web-form-row]') ?? null;
  if (dragged) event.dataTransfer.effectAllowed = 'move';
});

document.addEventListener('dragover', (event) => {
  const over = dragged && event.target.closest?.('[data-web-form-row]');
  if (!over) return;
  event.preventDefault();
  for (const row of rows()) row.classList.toggle('is-over', row === over && row !== dragged);
});

document.addEventListener('dragend', () => {
  for (const row of rows()) row.classList.remove('is-over');
  dragged = null;
});

document.addEventListener('drop', (event) => {
  const over = dragged && event.target.closest?.('[data-web-form-row]');
  if (!over || over === dragged) return;
  event.preventDefault();
  const form = dragged.querySelector('.web-form-move');
  const place = document.createElement('input');
  Object.assign(place, { type: 'hidden', name: 'place', value: String(rows().indexOf(over)) });
  form.append(place);
  form.requestSubmit();
});

prepare();
document.addEventListener('htmx:after:swap', prepare);
