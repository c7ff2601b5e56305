/**
 * Who may talk to the loopback shell. Any page in any browser on this machine can send requests to
 * a loopback port, and a name that an attacker owns can be made to point to 127.0.0.1. So a request
 * must name the address as we print it (Host), must come from a page of ours (Origin, and what the
 * browser says of the site), and must know the token that was printed at the start.
 */

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Refusal, refusal } from './refusal.ts';

/** The only address that is listened on. */
export const LOOPBACK = '127.0.0.1';

/** Name of the subprotocol that is spoken; the token is offered as a second one. */
export const SUBPROTOCOL = 'veer';
const TOKEN_PROTOCOL = 'token.';

/** 256 bits, new at every start, in base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares in a time that does not depend on where two texts differ. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/**
 * An audio element sends no header of ours, so the address itself carries the right to one
 * recording. The token cannot be computed from it.
 */
function mediaKey(token: string, itemId: string): string {
  return createHmac('sha256', token).update(`media ${itemId}`).digest('base64url');
}

/** Where the playback copy of an item is fetched, relative to the shell's own address. */
export function mediaUrl(token: string, itemId: string): string {
  return `/media/${itemId}?key=${mediaKey(token, itemId)}`;
}

export class Access {
  readonly #token: string;
  readonly #host: string;

  constructor(token: string, port: number) {
    this.#token = token;
    this.#host = `${LOOPBACK}:${port}`;
  }

  get origin(): string {
    return `http://${this.#host}`;
  }

  /** Where a request comes from. Null: from a page of ours, or from no page. */
  checkSource(headers: IncomingHttpHeaders): Refusal | null {
    if (headers.host !== this.#host) {
      return refusal(
        403,
        'ACCESS_DENIED',
        `Veer answers at ${this.origin} only. Use this address.`,
      );
    }
    const { origin } = headers;
    const site = headers['sec-fetch-site'];
    const ours =
      (origin === undefined || origin === this.origin) &&
      (site === undefined || site === 'same-origin' || site === 'none');
    return ours ? null : foreign();
  }

  /** What changes or reads data comes from a page, which always says its origin. */
  checkOrigin(headers: IncomingHttpHeaders): Refusal | null {
    return headers.origin === this.origin ? null : foreign();
  }

  /** `Authorization: Bearer TOKEN` */
  checkBearer(headers: IncomingHttpHeaders): Refusal | null {
    return this.#checkToken(/^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]);
  }

  /** `Sec-WebSocket-Protocol: veer, token.TOKEN` */
  checkSubprotocols(headers: IncomingHttpHeaders): Refusal | null {
    const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
    const token = offered.find((one) => one.startsWith(TOKEN_PROTOCOL));
    if (!offered.includes(SUBPROTOCOL)) return unknown();
    return this.#checkToken(token?.slice(TOKEN_PROTOCOL.length));
  }

  checkMediaKey(itemId: string, key: string | null): Refusal | null {
    return key !== null && same(key, mediaKey(this.#token, itemId)) ? null : unknown();
  }

  #checkToken(token: string | undefined): Refusal | null {
    return token !== undefined && same(token, this.#token) ? null : unknown();
  }
}

function foreign(): Refusal {
  return refusal(403, 'ACCESS_DENIED', 'Another page has no access to Veer. Use its own page.');
}

function unknown(): Refusal {
  return refusal(
    401,
    'ACCESS_DENIED',
    'This page does not have the key of the running Veer. Open the address that "veer serve" printed.',
  );
}
