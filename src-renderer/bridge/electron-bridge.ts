/**
 * The way to the application from Electron's window. The page listens for the port first and then
 * asks for it, so that no port is missed; what the preload offers is `window.veer` and nothing else.
 */

import { RPCLink } from '@orpc/client/message-port';
import { ASK_PORT, PORT } from '../../src-main/contract/channels.ts';
import { causeMessage, VeerError } from '../../src-main/contract/errors.ts';
import type { AppClient } from './app-client.ts';
import type { Bridge, ConnectionState, GrantOptions } from './bridge.ts';
import { ConnectionWatchers } from './connection-watchers.ts';
import { type Link, NotConnectedError, switchingClient } from './switching-link.ts';

/** What the preload puts into the page. */
export interface VeerWindow {
  readonly shell: 'electron';
  /** @returns the grant's id; rejects, with a sentence for people, for files made by script */
  grantFile(file: File): Promise<string>;
}

export class ElectronBridge implements Bridge {
  readonly client: AppClient = switchingClient(() => this.#currentLink());
  readonly #watchers = new ConnectionWatchers();
  readonly #veer: VeerWindow;
  #link: Link | null = null;

  constructor(veer: VeerWindow) {
    this.#veer = veer;
    addEventListener('message', (event) => this.#receive(event));
    this.reconnect();
  }

  watchConnection(listener: (state: ConnectionState) => void): () => void {
    return this.#watchers.watch(listener);
  }

  reconnect(): void {
    postMessage(ASK_PORT, location.origin);
  }

  async grantFile(file: File, options: GrantOptions): Promise<string> {
    options.signal.throwIfAborted();
    try {
      return await this.#veer.grantFile(file);
    } catch (cause) {
      // What the preload says is meant for people; a code does not cross it.
      throw new VeerError('GRANT_UNKNOWN', causeMessage(cause), { cause });
    }
  }

  #receive(event: MessageEvent<unknown>): void {
    if (event.source !== window || event.origin !== location.origin) return;
    const [port] = event.ports;
    if (event.data !== PORT || port === undefined) return;
    const link = new RPCLink({ port });
    port.addEventListener('close', () => {
      if (this.#link !== link) return;
      this.#link = null;
      this.#watchers.set('lost');
    });
    port.start();
    this.#link = link;
    // Watchers begin again on the new port.
    this.#watchers.set('connecting');
    this.#watchers.set('connected');
  }

  #currentLink(): Link {
    if (this.#link === null) throw new NotConnectedError('There is no connection.');
    return this.#link;
  }
}
