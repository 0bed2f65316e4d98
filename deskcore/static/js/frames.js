// Mail in frames: the frame runs no scripts, so the page around it measures its height.
import { onContent, within } from './page.js';

// Longer mails scroll inside; nobody wants a frame of forty screens.
const TALLEST_PX = 12000;

function measure(frame) {
  const page = frame.contentDocument;
  if (!page?.body) return;
  const height = Math.max(page.documentElement.offsetHeight, page.body.scrollHeight);
  if (height > 0) frame.style.blockSize = `${Math.min(height + 1, TALLEST_PX)}px`;
}

function fit(frame) {
  const page = frame.contentDocument;
  if (!page?.body) return;
  measure(frame);
  const watcher = new ResizeObserver(() => frame.isConnected ? measure(frame) : watcher.disconnect());
  watcher.observe(page.documentElement);
}

/** Paper shows everything: open the folds of all mails while the page is printed. */
function unfoldForPrint() {
  const opened = [];
  addEventListener('beforeprint', () => {
    for (const frame of document.querySelectorAll('iframe[data-frame]')) {
      for (const fold of frame.contentDocument?.querySelectorAll('details:not([open])') ?? []) {
        fold.open = true;
        opened.push(fold);
      }
      measure(frame);
    }
  });
  addEventListener('afterprint', () => opened.splice(0).forEach(fold => { fold.open = false; }));
}

export function startFrames() {
  unfoldForPrint();
  onContent(root => {
    for (const frame of within(root, 'iframe[data-frame]')) {
      if (frame.dataset.fitted) continue;
      frame.dataset.fitted = 'yes';
      frame.addEventListener('load', () => fit(frame));
      fit(frame);
    }
  });
}
