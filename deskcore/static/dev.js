// Only on pages of desk dev: outlines what plugins put into a page, and loads it anew when the
// process that made it was replaced.
const LOOK_MS = 1500;
const bar = document.getElementById('dev-bar');
let shows = sessionStorage.getItem('dev-slots') === '1';

function slots(slug) {
  return document.querySelectorAll(`[data-plugin="${slug}"], [id^="nav-p-${slug}"]`);
}

function outline() {
  document.querySelectorAll('.dev-slot').forEach(slot => slot.classList.remove('dev-slot'));
  if (!shows) return;
  for (const slug of bar.dataset.plugins.split(' ').filter(Boolean)) {
    slots(slug).forEach(slot => {
      slot.dataset.devSlot = slug;
      slot.classList.add('dev-slot');
    });
  }
}

document.addEventListener('keydown', event => {
  if (event.key !== 'D' || !event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest?.('input, textarea, select, [contenteditable]')) return;
  shows = !shows;
  sessionStorage.setItem('dev-slots', shows ? '1' : '0');
  outline();
});
document.addEventListener('htmx:after:swap', outline);
outline();

setInterval(async () => {
  const answer = await fetch('/dev/process').catch(() => null);
  const process = answer?.ok ? await answer.text() : bar.dataset.process;
  const writes = document.activeElement?.closest('input, textarea, select');
  if (process !== bar.dataset.process && !writes) location.reload();
}, LOOK_MS);
