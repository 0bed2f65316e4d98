// A form for customers: which fields are shown, the work that stands for a puzzle, and its height
// inside another site. Without this script the server does all of it, but for the height.

const form = document.querySelector('form[data-web-form]');

// SHA-256 of a short text of ASCII (FIPS 180-4): plain http has no crypto.subtle.
const primes = [];
for (let n = 2; primes.length < 64; n += 1) if (primes.every((p) => n % p)) primes.push(n);
const part = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
const START = primes.slice(0, 8).map((p) => part(p ** (1 / 2)));
const ROUND = primes.map((p) => part(p ** (1 / 3)));
const turn = (x, by) => (x >>> by) | (x << (32 - by));

function sha256(text) {
  const words = new Int32Array((((text.length + 8) >> 6) + 1) << 4);
  for (let i = 0; i < text.length; i += 1) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
  words[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
  words[words.length - 1] = text.length * 8;
  const sum = START.slice();
  const w = new Int32Array(64);
  for (let at = 0; at < words.length; at += 16) {
    let [a, b, c, d, e, f, g, h] = sum;
    for (let i = 0; i < 64; i += 1) {
      if (i < 16) w[i] = words[at + i];
      else {
        const x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
      }
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => { sum[i] = (sum[i] + value) | 0; });
  }
  return sum.map((value) => (value >>> 0).toString(16).padStart(8, '0')).join('');
}

// Done in pieces, so that typing never waits for it.
async function solve(work) {
  for (let number = 0; number <= work.maxNumber; number += 1) {
    if (sha256(work.salt + number) === work.challenge) {
      const { algorithm, challenge, salt, signature } = work;
      return btoa(JSON.stringify({ algorithm, challenge, number, salt, signature }));
    }
    if (number % 500 === 499) await new Promise((go) => { setTimeout(go); });
  }
  return '';
}

// Begun by whoever touches the form: who only reads the page does no work.
function doTheWork() {
  const field = form.elements.altcha;
  const wait = document.getElementById('wait');
  let working = null;
  let isSent = false;
  const begin = () => {
    working ??= solve(JSON.parse(form.dataset.webFormWork)).then((solution) => {
      field.value = solution || '-';
      wait.hidden = true;
    });
  };
  form.addEventListener('focusin', begin, { once: true });
  form.addEventListener('submit', (event) => {
    if (field.value) return;
    event.preventDefault();
    wait.hidden = false;
    if (isSent) return; // pressed twice: it is sent once, when the work is done
    isSent = true;
    begin();
    working.then(() => form.requestSubmit(event.submitter ?? undefined));
  });
}

function valuesOf(name) {
  return [...form.elements]
    .filter((one) => one.name === name && (!/radio|checkbox/.test(one.type) || one.checked))
    .filter((one) => !one.closest('[data-web-form-when][hidden]'))
    .map((one) => one.value);
}

function showWhatFits() {
  for (const field of form.querySelectorAll('[data-web-form-when]')) {
    const when = JSON.parse(field.dataset.webFormWhen);
    field.hidden = !valuesOf(when.name).includes(when.value);
  }
}

function tellHeight() {
  const tell = () => parent.postMessage({ deskForm: Math.ceil(document.body.getBoundingClientRect().height) }, '*');
  new ResizeObserver(tell).observe(document.body);
  tell();
}

if (form) {
  for (const hint of form.querySelectorAll('.web-form-only-if')) hint.hidden = true;
  showWhatFits();
  form.addEventListener('change', showWhatFits);
  if (form.dataset.webFormWork) doTheWork();
  (document.getElementById('summary') ?? document.getElementById('notice'))?.focus();
}
if (parent !== window) tellHeight();
