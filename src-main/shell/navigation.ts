/** A window of Veer stays on its page: no other address, no second window, no embedded page. */

import type { WebContents } from 'electron';
import { APP_PAGE, isAppUrl } from './app-url.ts';

/** Whether the window may go there: its own page only, which is what a reload asks for. */
export function mayNavigate(url: string): boolean {
  if (!isAppUrl(url)) return false;
  const { pathname } = new URL(url);
  return pathname === '/' || pathname === new URL(APP_PAGE).pathname;
}

/**
 * Whether the page may fetch something: only from itself. The screens need no network, so a request
 * to one is a fault or an attack.
 */
export function mayRequest(url: string): boolean {
  const inner = url.startsWith('blob:') ? url.slice('blob:'.length) : url;
  return isAppUrl(inner) || url.startsWith('data:') || url.startsWith('devtools:');
}

/** Whether a download may be offered to be saved: a file that the page itself made. */
export function mayDownload(url: string): boolean {
  return url.startsWith('blob:') && isAppUrl(url.slice('blob:'.length));
}

/** The part of WebContents that is used. */
export type GuardedContents = Pick<WebContents, 'on' | 'setWindowOpenHandler'>;

/** To be called for every WebContents there is, before it loads anything. */
export function guardNavigation(contents: GuardedContents): void {
  contents.on('will-navigate', (event) => {
    if (!mayNavigate(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    // There are no frames but the top one.
    if (!event.isMainFrame || !mayNavigate(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  // Nothing is opened outside either: the allowlist of external links is empty.
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
