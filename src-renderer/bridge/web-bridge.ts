/**
 * The way to the application from a browser tab: a WebSocket on this machine that is set up again
 * when it breaks, and uploads for files.
 */

import { RPCLink } from '@orpc/client/websocket';
import { VeerError } from '../../src-main/contract/errors.ts';
import type { AppClient } from './app-client.ts';
import type { Bridge, ConnectionState, GrantOptions } from './bridge.ts';
import { ConnectionWatchers } from './connection-watchers.ts';
import { type Link, NotConnectedError, switchingClient } from './switching-link.ts';
import { takeToken } from './token.ts';
import { upload } from './upload.ts';

/** Milliseconds before each new attempt; the last one is repeated. */
const RETRY_DELAYS = [250, 500, 1000, 2000, 5000] as const;
const LONGEST_DELAY = 5000;

export class WebBridge implements Bridge {
  readonly client: AppClient = switchingClient(() => this.#currentLink());
  readonly #watchers = new ConnectionWatchers();
  #token = takeToken();
  #socket: WebSocket | null = null;
  #link: Link | null = null;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    // A new address that differs in the key only does not load the page again.
    addEventListener('hashchange', () => {
      this.#token = takeToken();
      this.reconnect();
    });
    this.#connect();
  }

  watchConnection(listener: (state: ConnectionState) => void): () => void {
    return this.#watchers.watch(listener);
  }

  reconnect(): void {
    clearTimeout(this.#retry);
    this.#failures = 0;
    this.#connect();
  }

  grantFile(file: File, options: GrantOptions): Promise<string> {
    if (this.#token === null) {
      const message = 'This page has no key. Open the address that Veer printed.';
      return Promise.reject(new VeerError('ACCESS_DENIED', message));
    }
    return upload(file, this.#token, options);
  }

  #currentLink(): Link {
    if (this.#link === null) throw new NotConnectedError('There is no connection.');
    return this.#link;
  }

  #connect(): void {
    const token = this.#token;
    if (token === null) {
      this.#watchers.set('denied');
      return;
    }
    this.#socket?.close();
    const address = new URL('/rpc', location.href);
    address.protocol = 'ws:';
    const socket = new WebSocket(address, ['veer', `token.${token}`]);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      this.#failures = 0;
      this.#link = new RPCLink({ websocket: socket });
      this.#watchers.set('connected');
    });
    socket.addEventListener('close', () => {
      // An older socket that was given up says nothing about the one of now.
      if (socket === this.#socket) void this.#lost(token, this.#link === null);
    });
  }

  async #lost(token: string, neverOpened: boolean): Promise<void> {
    this.#link = null;
    this.#socket = null;
    if (neverOpened && (await isRefused(token))) {
      this.#watchers.set('denied');
      return;
    }
    if (this.#socket !== null) return;
    this.#watchers.set('lost');
    const delay = RETRY_DELAYS[this.#failures] ?? LONGEST_DELAY;
    this.#failures += 1;
    this.#retry = setTimeout(() => this.#connect(), delay);
  }
}

/** A browser does not tell a page why a WebSocket was refused, so the same key is tried over HTTP. */
async function isRefused(token: string): Promise<boolean> {
  try {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await fetch('/upload', { method: 'POST', headers });
    return answer.status === 401 || answer.status === 403;
  } catch {
    return false;
  }
}
