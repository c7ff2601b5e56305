/** The one window: opened where it was, shown when drawn, loaded again when its page dies. */

import type { BrowserWindow } from 'electron';
import { APP_PAGE } from './app-url.ts';

/** Milliseconds in which a page that dies again is left alone: loading it once more will not help. */
const RELOAD_GAP = 10_000;

export interface MainWindowOptions {
  readonly maximized: boolean;
  /** The person wants to close the window; it stays until the program ends. */
  onClose(): void;
  /** The page's process ended. */
  onGone(reason: string): void;
  /** Milliseconds that only grow. */
  now(): number;
}

/** Takes a new window that has loaded nothing yet and whose navigation is guarded. */
export function openMainWindow(window: BrowserWindow, options: MainWindowOptions): void {
  if (options.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', (event) => {
    event.preventDefault();
    options.onClose();
  });
  let lastGone = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    options.onGone(reason);
    const again = options.now() - lastGone < RELOAD_GAP;
    lastGone = options.now();
    if (!again && reason !== 'clean-exit') window.webContents.reload();
  });
  // A failure shows as an empty window; what it was stands in the log.
  window.loadURL(APP_PAGE).catch(() => options.onGone('load-failed'));
}

/** For a second start of the program: shows the window that is there. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
