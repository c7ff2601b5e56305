/** The playback copy of an item, in parts, as an audio element asks for it. */

import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { byteRange } from '../contract/byte-range.ts';
import { VeerError } from '../contract/errors.ts';

/** @throws VeerError MEDIA_NOT_READY where the file is not there */
export async function sendMedia(
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await using file = await open(path).catch((cause: unknown) => {
    throw new VeerError(
      'MEDIA_NOT_READY',
      'The playback copy of this recording is not there. Add the recording again.',
      { cause },
    );
  });
  const { size } = await file.stat();
  const range = byteRange(request.headers.range, size);
  response.setHeader('accept-ranges', 'bytes');
  // A deleted recording must not live on in the browser's cache.
  response.setHeader('cache-control', 'no-store');
  response.setHeader('content-type', 'audio/ogg');
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${size}`, 'content-length': 0 }).end();
    return;
  }
  const { first, last } = range === 'all' ? { first: 0, last: size - 1 } : range;
  if (range !== 'all') response.setHeader('content-range', `bytes ${first}-${last}/${size}`);
  response.writeHead(range === 'all' ? 200 : 206, { 'content-length': last - first + 1 });
  if (request.method === 'HEAD' || size === 0) {
    response.end();
    return;
  }
  const bytes = file.createReadStream({ start: first, end: last, autoClose: false });
  await pipeline(bytes, response);
}
