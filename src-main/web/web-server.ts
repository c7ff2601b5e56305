/**
 * The loopback shell: the screens, the contract over a WebSocket, uploads and playback, on one port
 * of 127.0.0.1 and for nobody but the page that knows the token (docs/security.md).
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { causeMessage, VeerError } from '../contract/errors.ts';
import { securityHeaders } from '../contract/security-headers.ts';
import { Access, LOOPBACK } from './access.ts';
import { sendMedia } from './media.ts';
import {
  notFound,
  type Refusal,
  refusal,
  refusalOf,
  refuseUpgrade,
  sendRefusal,
  wrongMethod,
} from './refusal.ts';
import { RpcSockets, SOCKET_DEFAULTS, type SocketOptions } from './rpc-sockets.ts';
import { StaticFiles } from './static-files.ts';
import { UPLOAD_DEFAULTS, type UploadOptions, Uploads } from './uploads.ts';
import type { WebApp } from './web-app.ts';

/** Milliseconds in which the head of a request must have come. */
const HEAD_PATIENCE = 10_000;

export interface WebServerOptions {
  /** 0 takes one that is free. */
  readonly port: number;
  /** From `newToken`. */
  readonly token: string;
  /** Folder of the built screens. */
  readonly rendererDirectory: string;
  readonly uploads?: Partial<UploadOptions>;
  readonly sockets?: Partial<SocketOptions>;
}

export class WebServer {
  readonly #app: WebApp;
  readonly #token: string;
  readonly #server: Server;
  readonly #access: Access;
  readonly #files: StaticFiles;
  readonly #uploads: Uploads;
  readonly #sockets: RpcSockets;
  readonly #headers: Map<string, string>;

  private constructor(
    app: WebApp,
    server: Server,
    files: StaticFiles,
    uploads: Uploads,
    options: WebServerOptions,
  ) {
    const { port } = server.address() as AddressInfo;
    this.#app = app;
    this.#token = options.token;
    this.#server = server;
    this.#access = new Access(options.token, port);
    this.#files = files;
    this.#uploads = uploads;
    this.#sockets = new RpcSockets(app, { ...SOCKET_DEFAULTS, ...options.sockets });
    // Older browsers do not count a WebSocket of the same address as 'self'.
    const connect = ["'self'", `ws://${LOOPBACK}:${port}`];
    this.#headers = new Map(Object.entries(securityHeaders(connect)));
    server.on('request', (request, response) => void this.#answer(request, response));
    // A client that asks first is answered before it sends its file.
    server.on('checkContinue', (request, response) => void this.#answer(request, response));
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /**
   * Removes uploads that were left over, and listens.
   *
   * @throws VeerError OPTION_INVALID where the port cannot be had
   */
  static async start(app: WebApp, options: WebServerOptions): Promise<WebServer> {
    const uploads = new Uploads(app, { ...UPLOAD_DEFAULTS, ...options.uploads });
    await uploads.clear();
    const files = await StaticFiles.read(options.rendererDirectory);
    // An upload may take any time; what it may not do is stop (`patience`).
    const server = createServer({ headersTimeout: HEAD_PATIENCE, requestTimeout: 0 });
    server.listen(options.port, LOOPBACK);
    try {
      await once(server, 'listening');
    } catch (cause) {
      throw new VeerError(
        'OPTION_INVALID',
        `Veer cannot listen on port ${options.port} (${causeMessage(cause)}). Choose another with --port, or 0 for any.`,
        { cause },
      );
    }
    return new WebServer(app, server, files, uploads, options);
  }

  /** What is opened in the browser. Whoever has it can do everything. */
  get url(): string {
    return `${this.#access.origin}/#token=${this.#token}`;
  }

  /** Whether the built screens were found. */
  get hasScreens(): boolean {
    return this.#files.built;
  }

  /** Ends all connections and waits until nothing of cut uploads is left. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await this.#sockets.close();
    this.#server.closeAllConnections();
    await this.#uploads.settled();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeaders(this.#headers);
    let refused: Refusal | null;
    try {
      refused = this.#access.checkSource(request.headers) ?? (await this.#route(request, response));
    } catch (error) {
      refused = refusalOf(error);
    }
    if (refused === null) return;
    if (response.headersSent) response.destroy();
    else sendRefusal(request, response, refused);
  }

  /** @returns why not; null where the answer is given */
  async #route(request: IncomingMessage, response: ServerResponse): Promise<Refusal | null> {
    const { pathname, query } = target(request);
    if (pathname === '/upload') return this.#upload(request, response, query);
    if (pathname === '/rpc') {
      return refusal(426, 'ACCESS_DENIED', 'This address takes WebSockets only.', {
        upgrade: 'websocket',
      });
    }
    const itemId = /^\/media\/([0-9a-f-]{36})$/.exec(pathname)?.[1];
    if (itemId === undefined && !this.#files.has(pathname)) {
      return pathname === '/' ? notBuilt() : notFound();
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return wrongMethod('GET', 'HEAD');
    if (itemId === undefined) {
      await this.#files.send(pathname, request, response);
      return null;
    }
    const refused = this.#access.checkMediaKey(itemId, query.get('key'));
    if (refused === null) await sendMedia(this.#app.playbackFile(itemId), request, response);
    return refused;
  }

  async #upload(
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
  ): Promise<Refusal | null> {
    if (request.method !== 'POST') return wrongMethod('POST');
    const { headers } = request;
    const refused = this.#access.checkOrigin(headers) ?? this.#access.checkBearer(headers);
    if (refused !== null) return refused;
    const answer = await this.#uploads.receive(request, query.get('name') ?? '', () => {
      if (headers.expect !== undefined) response.writeContinue();
    });
    if ('status' in answer) return answer;
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    });
    response.end(JSON.stringify(answer));
    return null;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { headers } = request;
    const refused =
      this.#access.checkSource(headers) ??
      (target(request).pathname === '/rpc' ? null : notFound()) ??
      this.#access.checkOrigin(headers) ??
      this.#access.checkSubprotocols(headers);
    if (refused !== null) refuseUpgrade(socket, refused);
    else this.#sockets.accept(request, socket, head);
  }
}

/** The path as it is spelled: nothing is decoded or resolved. */
function target({ url = '' }: IncomingMessage): {
  readonly pathname: string;
  readonly query: URLSearchParams;
} {
  const [pathname = '', ...query] = url.split('?');
  return { pathname, query: new URLSearchParams(query.join('?')) };
}

function notBuilt(): Refusal {
  return notFound('The screens are not built. Run "npm run build" and start Veer again.');
}
