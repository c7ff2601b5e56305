/** Answers that say no: a status for programs, a stable code, and a sentence for people. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorCode, VeerError } from '../contract/errors.ts';

export interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** Further headers. */
  readonly headers: Readonly<Record<string, string>>;
}

export function refusal(
  status: number,
  code: ErrorCode,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return { status, code, message, headers };
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  ITEM_NOT_FOUND: 404,
  MEDIA_NOT_READY: 404,
  DISK_FULL: 507,
  UPLOAD_BROKEN: 400,
};

/** Any failure as an answer; what has no name is not told. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof VeerError)) {
    return refusal(500, 'INTERNAL', 'Veer could not answer this request. Try again.');
  }
  return refusal(STATUS[error.code] ?? 500, error.code, error.message);
}

export function notFound(message = 'There is nothing at this address. Open the start page.') {
  return refusal(404, 'ACCESS_DENIED', message);
}

export function wrongMethod(...allowed: readonly string[]): Refusal {
  const allow = allowed.join(', ');
  return refusal(405, 'ACCESS_DENIED', `This address takes ${allow} only.`, { allow });
}

/** Milliseconds for which a body that nobody wants is still taken, so that the answer is read. */
const DRAIN = 2000;

export function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  { status, code, message, headers }: Refusal,
): void {
  const body = JSON.stringify({ code, message });
  response.writeHead(status, { ...headers, ...bodyHeaders(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
  if (request.complete) return;
  // Closing under a sender would reset the connection, and the sender would not see the answer.
  request.resume();
  const timer = setTimeout(() => request.destroy(), DRAIN).unref();
  request.once('close', () => clearTimeout(timer));
}

/** A refusal before the WebSocket begins. */
export function refuseUpgrade(socket: Duplex, { status, code, message, headers }: Refusal): void {
  const body = JSON.stringify({ code, message });
  const lines = Object.entries({ ...headers, ...bodyHeaders(body) }).map((pair) => pair.join(': '));
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('\r\n')}\r\n\r\n${body}`, () =>
    socket.destroy(),
  );
}

function bodyHeaders(body: string): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  };
}
