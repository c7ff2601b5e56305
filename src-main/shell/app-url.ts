/**
 * The one origin that a window of Veer may show: `app://veer`. Everything else that asks for
 * something is refused.
 */

import { isAbsolute, join, relative } from 'node:path';

export const APP_SCHEME = 'app';
const APP_ORIGIN = 'app://veer';
export const APP_PAGE = `${APP_ORIGIN}/index.html`;

/** To be registered before the app is ready. `stream`: an audio element may ask for parts. */
export const APP_SCHEME_PRIVILEGES = {
  scheme: APP_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
} as const;

/** Whether a URL belongs to the app. Its origin is not asked: Node gives `null` for this scheme. */
export function isAppUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return (
    parsed !== null &&
    parsed.protocol === `${APP_SCHEME}:` &&
    parsed.host === 'veer' &&
    parsed.username === '' &&
    parsed.password === ''
  );
}

/** What of Electron's WebFrameMain is looked at. */
export interface AskingFrame {
  readonly url: string;
  readonly parent: unknown;
}

/** Whether a message comes from the page itself: the top frame of the app's own origin. */
export function isTrustedFrame(frame: AskingFrame | null): boolean {
  return frame !== null && frame.parent === null && isAppUrl(frame.url);
}

/** What an address of the app stands for. */
export type AppTarget =
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'media'; readonly itemId: string };

const ITEM_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The file or recording that a URL names, or null for one that is refused. No path that it gives
 * lies outside the directory, whatever the URL holds.
 *
 * @param directory absolute path of the built screens
 */
export function resolveAppUrl(url: string, directory: string): AppTarget | null {
  if (!isAppUrl(url)) return null;
  const segments = decodedSegments(new URL(url).pathname);
  if (segments === null) return null;
  const [first, second] = segments;
  if (first === 'media') {
    if (segments.length !== 2 || second === undefined || !ITEM_ID.test(second)) return null;
    return { type: 'media', itemId: second };
  }
  const path = join(directory, ...(segments.length === 0 ? ['index.html'] : segments));
  const inside = relative(directory, path);
  if (inside === '' || inside.startsWith('..') || isAbsolute(inside)) return null;
  return { type: 'file', path };
}

/** Address of the playback copy of an item. */
export function mediaUrl(itemId: string): string {
  return `${APP_ORIGIN}/media/${itemId}`;
}

/** Names of plain files only: nothing that a file system could read as another place. */
function decodedSegments(pathname: string): readonly string[] | null {
  const segments: string[] = [];
  for (const raw of pathname.split('/').slice(1)) {
    let segment: string;
    try {
      segment = decodeURIComponent(raw);
    } catch {
      return null;
    }
    if (segment === '' && segments.length === 0) continue;
    // A percent sign left over would be an encoding within an encoding.
    if (!/^[\w@+~ ()-][\w.@+~ ()-]*$/.test(segment)) return null;
    segments.push(segment);
  }
  return segments;
}
