/** The real shell on a real port, over an application that only the shell's own tests need. */

import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { implement } from '@orpc/server';
import { WebSocket } from 'ws';
import { appContract } from '../contract/app-contract.ts';
import { VeerError } from '../contract/errors.ts';
import type { JobEvent } from '../contract/jobs.ts';
import { DEFAULT_SETTINGS } from '../contract/settings.ts';
import { newToken } from './access.ts';
import type { UploadedFile, WebApp } from './web-app.ts';
import { WebServer, type WebServerOptions } from './web-server.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type AppClient = ContractRouterClient<typeof appContract>;

/** Procedures that the shell's tests call; the application's own are tested with the application. */
function testRouter(watch: () => AsyncGenerator<JobEvent>): WebApp['router'] {
  const server = implement(appContract);
  const some = {
    settings: { get: server.settings.get.handler(() => DEFAULT_SETTINGS) },
    jobs: { watch: server.jobs.watch.handler(watch) },
  };
  return some as unknown as WebApp['router'];
}

export class TestShell implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'veer-web-'));
  readonly token = newToken();
  readonly granted = new Map<string, UploadedFile>();
  /** Streams that have ended on this side. */
  ended = 0;
  /** Events that were taken by the transport. */
  taken = 0;
  /** What `jobs.watch` sends, again and again. */
  event: JobEvent = { type: 'snapshot', jobs: [] };
  #server: WebServer | undefined;

  static async start(options: Partial<WebServerOptions> = {}): Promise<TestShell> {
    const shell = new TestShell();
    shell.write('renderer/index.html', '<!doctype html><title>Veer</title>');
    shell.write('renderer/assets/main-1a2b.js', 'export {};');
    shell.write('secret.txt', 'secret');
    shell.write('uploads/left-over.part', 'of a crash');
    shell.#server = await WebServer.start(shell.app, {
      port: 0,
      token: shell.token,
      rendererDirectory: join(shell.folder, 'renderer'),
      ...options,
    });
    return shell;
  }

  get app(): WebApp {
    return {
      router: testRouter(() => this.#watch()),
      grants: {
        register: (file) => {
          const id = randomUUID();
          this.granted.set(id, file);
          return id;
        },
      },
      uploadsDirectory: join(this.folder, 'uploads'),
      playbackFile: (itemId) => {
        if (itemId !== ITEM) throw new VeerError('ITEM_NOT_FOUND', 'There is no such item.');
        return join(this.folder, 'playback.opus');
      },
    };
  }

  get server(): WebServer {
    if (this.#server === undefined) throw new Error('not started');
    return this.#server;
  }

  get origin(): string {
    return new URL(this.server.url).origin;
  }

  get port(): number {
    return Number(new URL(this.server.url).port);
  }

  get uploads(): readonly string[] {
    return readdirSync(join(this.folder, 'uploads'));
  }

  write(name: string, content: string | Uint8Array): void {
    const path = join(this.folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
  }

  /** One request as it is written, with nothing added but the right Host. */
  ask(method: string, path: string, headers: OutgoingHttpHeaders = {}, body?: Uint8Array) {
    return new Promise<Answer>((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: this.port, method, path, headers, agent: false },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      sent.on('error', reject);
      if (method === 'POST' && body === undefined) sent.flushHeaders();
      else sent.end(body);
    });
  }

  upload(name: string, body: Uint8Array, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    return this.ask(
      'POST',
      `/upload?name=${encodeURIComponent(name)}`,
      {
        origin: this.origin,
        authorization: `Bearer ${this.token}`,
        'content-length': body.length,
        ...headers,
      },
      body,
    );
  }

  /** Bytes on a bare connection, and all that comes back. */
  raw(bytes: string | Uint8Array): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.end(bytes));
      let answer = '';
      socket.setEncoding('latin1').on('data', (text: string) => {
        answer += text;
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(answer));
    });
  }

  socket(
    protocols: readonly string[] = ['veer', `token.${this.token}`],
    headers: Record<string, string> = { origin: this.origin },
    path = '/rpc',
  ): WebSocket {
    return new WebSocket(`ws://127.0.0.1:${this.port}${path}`, [...protocols], { headers });
  }

  client(socket = this.socket()): AppClient {
    // The link knows the browser's WebSocket, which this one equals but for its types.
    const websocket = socket as unknown as globalThis.WebSocket;
    return createORPCClient(new RPCLink({ websocket }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    rmSync(this.folder, { recursive: true });
  }

  async *#watch(): AsyncGenerator<JobEvent> {
    try {
      while (true) {
        this.taken++;
        yield this.event;
        await new Promise(setImmediate);
      }
    } finally {
      this.ended++;
    }
  }
}

/** The only item that has a playback copy. */
export const ITEM = 'a3f7d6c4-35f0-4f0e-9a55-3c1c46a7b6a1';

/** Status and code of a refusal. */
export function refused({ status, body }: Answer): string {
  const { code, message } = JSON.parse(body.toString()) as { code: string; message: string };
  if (!/^[A-Z].+\.$/.test(message)) throw new Error(`not a sentence: ${message}`);
  return `${status} ${code}`;
}

/** Status with which a WebSocket was refused, or `open`. */
export function handshake(socket: WebSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      socket.close();
      resolve('open');
    });
    socket.on('unexpected-response', (_, answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on('end', () => {
        const status = answer.statusCode ?? 0;
        resolve(refused({ status, headers: answer.headers, body: Buffer.from(body) }));
      });
    });
    socket.on('error', reject);
  });
}
