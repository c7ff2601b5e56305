/** What `app://veer` answers: the built screens, and playback copies in parts. */

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { byteRange } from '../contract/byte-range.ts';
import { causeCode, VeerError } from '../contract/errors.ts';
import { securityHeaders } from '../contract/security-headers.ts';
import { resolveAppUrl } from './app-url.ts';

export interface AppFiles {
  /** Absolute path of the built screens. */
  readonly rendererDirectory: string;
  /** Path of the playback copy. @throws VeerError MEDIA_NOT_READY, ITEM_NOT_FOUND */
  playbackFile(itemId: string): string;
}

/** What a request is asked for; a Request of the platform fits. */
export interface AppRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: { get(name: string): string | null };
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.opus': 'audio/ogg',
};

/** On every answer. The screens talk over a port, so they need no connection of their own. */
const COMMON_HEADERS = securityHeaders([]);

/** Never rejects: what cannot be answered is a 4xx or 5xx without a body. */
export async function serveAppUrl(request: AppRequest, files: AppFiles): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return empty(405);
  const target = resolveAppUrl(request.url, files.rendererDirectory);
  if (target === null) return empty(404);
  try {
    if (target.type === 'file') return await fileResponse(request, target.path, 'no-cache');
    return await fileResponse(request, files.playbackFile(target.itemId), 'no-store');
  } catch (error) {
    return empty(error instanceof VeerError || isMissing(error) ? 404 : 500);
  }
}

async function fileResponse(request: AppRequest, path: string, cache: string): Promise<Response> {
  const { size, isFile } = await stat(path).then((stats) => ({
    size: stats.size,
    isFile: stats.isFile(),
  }));
  if (!isFile) return empty(404);
  const headers: Record<string, string> = {
    ...COMMON_HEADERS,
    'content-type': TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
    'cache-control': cache,
    'accept-ranges': 'bytes',
  };
  const range = byteRange(request.headers.get('range') ?? undefined, size);
  if (range === 'unsatisfiable') {
    return new Response(null, {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${size}` },
    });
  }
  const { first, last } = range === 'all' ? { first: 0, last: size - 1 } : range;
  const length = last - first + 1;
  headers['content-length'] = String(length);
  if (range !== 'all') headers['content-range'] = `bytes ${first}-${last}/${size}`;
  const body = request.method === 'HEAD' || length === 0 ? null : bytes(path, first, last);
  return new Response(body, { status: range === 'all' ? 200 : 206, headers });
}

/** A player that seeks gives its stream up; the file is closed then. */
function bytes(path: string, first: number, last: number): ReadableStream {
  return Readable.toWeb(createReadStream(path, { start: first, end: last }));
}

function empty(status: number): Response {
  return new Response(null, { status, headers: COMMON_HEADERS });
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(causeCode(error) ?? '');
}
