// The restock board: arrows go from card to card, with Shift they move one; cards can be dragged.
// Each way presses the same "Move" that stands on the card, so the server is asked the same thing.

let goal = ''; // the card that focus goes back to when the board has been drawn anew
let dragged = null;

const cardsOf = lane => [...lane.querySelectorAll('[data-stock-card]')];
const lanes = () => [...document.querySelectorAll('[data-lane]')];

function moveTo(card, lane) {
  const form = card.querySelector('[data-stock-move]');
  if (!form || !lane || card.closest('[data-lane]') === lane) return;
  goal = card.id;
  form.elements.lane.value = lane.dataset.lane;
  form.requestSubmit();
}

/** The card beside this one: above or below it, or at its height in the next lane that has any. */
function beside(card, key) {
  const lane = card.closest('[data-lane]');
  const cards = cardsOf(lane);
  const at = cards.indexOf(card);
  if (key === 'ArrowUp' || key === 'ArrowDown') return cards[at + (key === 'ArrowDown' ? 1 : -1)];
  const step = key === 'ArrowRight' ? 1 : -1;
  const all = lanes();
  for (let index = all.indexOf(lane) + step; all[index]; index += step) {
    const there = cardsOf(all[index]);
    if (there.length) return there[Math.min(at, there.length - 1)];
  }
  return undefined;
}

function onKey(event) {
  const card = event.target.closest?.('[data-stock-card]');
  const isArrow = /^Arrow(Up|Down|Left|Right)$/.test(event.key);
  // In its fields arrows do what they do there.
  if (!card || event.target !== card || !isArrow || event.ctrlKey || event.metaKey || event.altKey) return;
  const isAside = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
  const isRightToLeft = getComputedStyle(card).direction === 'rtl';
  const key = isRightToLeft && isAside ? { ArrowLeft: 'ArrowRight', ArrowRight: 'ArrowLeft' }[event.key] : event.key;
  event.preventDefault();
  if (!event.shiftKey) return beside(card, key)?.focus();
  if (!isAside) return;
  const all = lanes();
  moveTo(card, all[all.indexOf(card.closest('[data-lane]')) + (key === 'ArrowRight' ? 1 : -1)]);
}

function laneUnder(event) {
  return dragged && event.target.closest?.('[data-lane]');
}

function mark(lane) {
  for (const each of lanes()) each.classList.toggle('stock-over', each === lane);
}

document.addEventListener('keydown', onKey);
document.addEventListener('dragstart', event => {
  dragged = event.target.closest?.('[data-stock-card][draggable]') ?? null;
  event.dataTransfer?.setData('text/plain', dragged?.id ?? '');
});
document.addEventListener('dragover', event => {
  const lane = laneUnder(event);
  if (!lane) return;
  event.preventDefault();
  mark(lane);
});
document.addEventListener('drop', event => {
  const lane = laneUnder(event);
  if (!lane) return;
  event.preventDefault();
  moveTo(dragged, lane);
});
document.addEventListener('dragend', () => {
  dragged = null;
  mark(null);
});
document.addEventListener('htmx:after:swap', () => {
  const card = goal && document.getElementById(goal);
  goal = '';
  // After the desk has settled where focus goes, which it does in the same way.
  if (card) setTimeout(() => card.focus(), 0);
});
