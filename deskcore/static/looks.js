// Only on the page of the looks: what is chosen is kept as a draft at once, and the frame beside it
// wears it. Without this file the form keeps the draft, and the pages are looked at by its buttons.
const PAUSE_MS = 120;
// Too little room to show a wide screen in: the page is shown as phones have it.
const NARROW = 480;
const PHONE = 390;
const form = document.getElementById('look-form');
const frame = document.getElementById('look-frame');
const stage = document.getElementById('look-stage');
let timer = 0;
let isBusy = false;
let isWanted = false;
let waiting = null; // what was pressed while a change was still on its way
let shownPages = '';

const state = () => document.getElementById('look-state');
const chosen = name => document.querySelector(`[name="${name}"]:checked`);

// One at a time: each answer brings the version that the next one names.
function keep() {
  clearTimeout(timer);
  timer = 0;
  if ('conflict' in state().dataset) return;
  if (isBusy) {
    isWanted = true;
    return;
  }
  isBusy = true;
  isWanted = false;
  form.dispatchEvent(new CustomEvent('desk:look'));
}

function keepSoon() {
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE_MS);
}

function kept() {
  isBusy = false;
  const file = form.elements.logo;
  if (file?.value && !document.getElementById('errors')) file.value = '';
  dress();
  if (isWanted) keep();
  else if (waiting) {
    const pressed = waiting;
    waiting = null;
    form.requestSubmit(pressed);
  }
}

// A new sheet takes the place of the old one once it is there: nothing flashes.
function dress() {
  const page = frame.contentDocument;
  const url = state().dataset[chosen('look-shows').value];
  const worn = page?.getElementById('look-sheet');
  if (!worn || !url) return;
  if (shownPages !== state().dataset.pages) {
    reload();
    return;
  }
  if (worn.getAttribute('href') === url) return;
  const link = worn.cloneNode();
  link.href = url;
  link.addEventListener('load', () => worn.remove());
  worn.removeAttribute('id');
  worn.after(link);
}

function reload() {
  const { scrollY } = frame.contentWindow;
  frame.addEventListener('load', () => frame.contentWindow.scrollTo(0, scrollY), { once: true });
  show();
}

function show() {
  shownPages = state().dataset.pages;
  frame.inert = true; // until the page itself is
  frame.contentWindow.location.replace(chosen('look-shows').dataset.url);
}

// The page in the frame is real, but only to be looked at.
function settle() {
  const page = frame.contentDocument;
  if (!page?.body) return;
  page.body.inert = true;
  frame.inert = false;
  dye();
  dress();
}

function dye() {
  const { documentElement } = frame.contentDocument;
  documentElement.dataset.own ??= documentElement.dataset.theme ?? 'auto';
  documentElement.dataset.theme = chosen('look-scheme').value || documentElement.dataset.own;
}

// As wide as the screen it stands for, and made smaller until it fits.
function fit() {
  const width = stage.clientWidth < NARROW ? PHONE : Number(chosen('look-width').value);
  const scale = Math.min(stage.clientWidth / width, 1);
  frame.style.inlineSize = `${width}px`;
  frame.style.blockSize = `${stage.clientHeight / scale}px`;
  const spare = (stage.clientWidth - width * scale) / 2;
  frame.style.transform = `translateX(${document.dir === 'rtl' ? -spare : spare}px) scale(${scale})`;
}

function tell(range) {
  if (range.name === 'hue') form.style.setProperty('--full', `oklch(.6 .22 ${range.value})`);
  range.closest('.field').querySelector('output').textContent = range.value;
}

function choose(preset) {
  for (const name of ['hue', 'strength']) {
    form.elements[name].value = preset.dataset[name];
    tell(form.elements[name]);
  }
  form.querySelector('[name="accent"][value="own"]').checked = true;
}

if (form && frame) {
  form.addEventListener('input', ({ target }) => {
    if (target.type === 'range') {
      tell(target);
      form.querySelector('[name="accent"][value="own"]').checked = true;
    }
    keepSoon();
  });
  form.addEventListener('click', event => {
    const preset = event.target.closest('[name="preset"]');
    if (!preset) return;
    event.preventDefault();
    choose(preset);
    keep();
  });
  // What was moved a moment ago must be kept before it is published.
  form.addEventListener('submit', event => {
    if (!isBusy && !timer) return;
    event.preventDefault();
    event.stopPropagation();
    waiting = event.submitter;
    if (timer) keep();
  }, true);
  document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
    if (ctx?.sourceElement === form) setTimeout(kept);
  });
  document.addEventListener('change', ({ target }) => {
    if (target.name === 'look-shows') show();
    if (target.name === 'look-width') fit();
    if (target.name === 'look-scheme') dye();
  });
  tell(form.elements.hue);
  frame.addEventListener('load', settle);
  new ResizeObserver(fit).observe(stage);
  show();
}
