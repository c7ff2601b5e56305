/** The real application behind the real loopback shell, in this process. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import { App } from '../../src-main/app/app.ts';
import { appRouter } from '../../src-main/app/router.ts';
import type { appContract } from '../../src-main/contract/app-contract.ts';
import { mediaUrl, newToken } from '../../src-main/web/access.ts';
import { WebServer } from '../../src-main/web/web-server.ts';
import { SAMPLES_DIRECTORY } from '../dev-inputs.ts';

export type AppClient = ContractRouterClient<typeof appContract>;

export interface Served extends AsyncDisposable {
  readonly app: App;
  /** Opens another WebSocket of the page. */
  connect(): Promise<WebSocket>;
}

export async function served(modelDirectories: readonly string[]): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'veer-served-'));
  const token = newToken();
  const app = await App.open({
    dataDirectory: join(folder, 'data'),
    modelDirectories,
    samplesDirectory: SAMPLES_DIRECTORY,
    shell: 'web',
    version: '0.0.0',
    mediaUrl: (itemId) => mediaUrl(token, itemId),
  });
  const server = await WebServer.start(
    {
      router: appRouter(app),
      grants: app.grants,
      uploadsDirectory: app.uploadsDirectory,
      playbackFile: (itemId) => app.playbackFile(itemId),
    },
    { port: 0, token, rendererDirectory: join(folder, 'none') },
  );
  return {
    app,
    connect: () => openSocket(server.url),
    async [Symbol.asyncDispose]() {
      await server.close();
      await app.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** As the page at the printed address does it. */
export function openSocket(printed: string): Promise<WebSocket> {
  const { host, origin, hash } = new URL(printed);
  const token = hash.replace('#token=', '');
  const socket = new WebSocket(`ws://${host}/rpc`, ['veer', `token.${token}`], {
    headers: { origin },
  });
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket));
    socket.on('error', reject);
  });
}

export function clientOf(socket: WebSocket): AppClient {
  // The link knows the browser's WebSocket, which this one equals but for its types.
  const websocket = socket as unknown as globalThis.WebSocket;
  return createORPCClient(new RPCLink({ websocket }));
}
