/**
 * The application's contract over WebSockets, one per page. A page that stops reading is sent
 * nothing more until it reads again; one that stops answering is closed.
 */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { SUBPROTOCOL } from './access.ts';
import { isRpcMessage } from './rpc-message.ts';
import type { WebApp } from './web-app.ts';

export interface SocketOptions {
  /** Largest message of a client, in bytes. */
  readonly mostBytes: number;
  /** Milliseconds between two pings; a client that answered none of them is closed. */
  readonly ping: number;
  /** Milliseconds in which a client answers that the connection is to end. */
  readonly farewell: number;
}

export const SOCKET_DEFAULTS: SocketOptions = {
  // The contract's longest text, every character of it escaped.
  mostBytes: 64 * 2 ** 20,
  ping: 30_000,
  farewell: 500,
};

/** Codes of RFC 6455, section 7.4.1. */
const GOING_AWAY = 1001;
const UNSUPPORTED_DATA = 1003;
const POLICY_VIOLATION = 1008;

const NOT_OURS = 'OPTION_INVALID: This is not a message of the screens.';

export class RpcSockets {
  readonly #options: SocketOptions;
  readonly #handler: RPCHandler<Record<never, never>>;
  readonly #server: WebSocketServer;
  readonly #silent = new WeakSet<WebSocket>();
  readonly #timer: NodeJS.Timeout;

  constructor(app: WebApp, options: SocketOptions) {
    this.#options = options;
    this.#handler = new RPCHandler(app.router);
    this.#server = new WebSocketServer({
      noServer: true,
      maxPayload: options.mostBytes,
      // On loopback it costs time and memory and gains nothing.
      perMessageDeflate: false,
      handleProtocols: () => SUBPROTOCOL,
    });
    this.#timer = setInterval(() => this.#pingAll(), options.ping).unref();
  }

  /** Of a request that was let in. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (client) => this.#serve(client));
  }

  /** Ends every connection; what runs on them is cancelled. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const gone = [...this.#server.clients].map(
      (client) => new Promise<void>((resolve) => client.once('close', () => resolve())),
    );
    for (const client of this.#server.clients) client.close(GOING_AWAY, 'Veer has ended.');
    const timer = setTimeout(() => {
      for (const client of this.#server.clients) client.terminate();
    }, this.#options.farewell);
    await Promise.all(gone);
    clearTimeout(timer);
    this.#server.close();
  }

  #serve(client: WebSocket): void {
    // The connection is closed after an error anyway, and 'close' tells the handler.
    client.on('error', () => undefined);
    client.on('pong', () => this.#silent.delete(client));
    const addEventListener = (type: keyof WebSocket.WebSocketEventMap, listener: unknown): void => {
      const listen = listener as (event: unknown) => void;
      if (type !== 'message') client.on(type, listen);
      else client.on(type, (data, binary) => this.#receive(client, data, binary, listen));
    };
    void this.#handler.upgrade({
      addEventListener: addEventListener as WebSocket['addEventListener'],
      // The transport waits for the promise before it takes the next event of a stream.
      send: (data: string | Uint8Array) => sent(client, data),
    });
  }

  #receive(
    client: WebSocket,
    data: WebSocket.RawData,
    binary: boolean,
    listen: (event: { readonly data: string }) => void,
  ): void {
    const text = binary ? null : String(data);
    if (text !== null && isRpcMessage(text)) listen({ data: text });
    else client.close(text === null ? UNSUPPORTED_DATA : POLICY_VIOLATION, NOT_OURS);
  }

  #pingAll(): void {
    for (const client of this.#server.clients) {
      if (this.#silent.has(client)) {
        client.terminate();
      } else {
        this.#silent.add(client);
        client.ping();
      }
    }
  }
}

/** Resolves when the data have left for the client, or when there is no client any more. */
function sent(client: WebSocket, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => client.send(data, () => resolve()));
}
