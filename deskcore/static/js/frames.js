// Mail in frames: the frame runs no scripts, so the page around it measures its height.
import { onContent, within } from './page.js';

// Longer mails scroll inside; nobody wants a frame of forty screens.
const TALLEST_PX = 12000;

function fit(frame) {
  const page = frame.contentDocument;
  if (!page?.body) return;
  const measure = () => {
    const height = Math.max(page.documentElement.offsetHeight, page.body.scrollHeight);
    if (height > 0) frame.style.blockSize = `${Math.min(height + 1, TALLEST_PX)}px`;
  };
  measure();
  const watcher = new ResizeObserver(() => frame.isConnected ? measure() : watcher.disconnect());
  watcher.observe(page.documentElement);
}

export function startFrames() {
  onContent(root => {
    for (const frame of within(root, 'iframe[data-frame]')) {
      if (frame.dataset.fitted) continue;
      frame.dataset.fitted = 'yes';
      frame.addEventListener('load', () => fit(frame));
      fit(frame);
    }
  });
}
