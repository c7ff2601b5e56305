/** The application over each way that a screen can reach it. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { RPCHandler } from '@orpc/server/message-port';
import { WebSocket } from 'ws';
import type { appContract } from '../contract/app-contract.ts';
import { processPort } from '../contract/process-port.ts';
import { channelDouble } from '../shell/test-message-port.ts';
import { WebServer } from '../web/web-server.ts';
import { appRouter } from './router.ts';
import { openTestApp } from './test-app.ts';
import { grantModel } from './test-model-grants.ts';

export type AppClient = ContractRouterClient<typeof appContract>;

export interface Connection {
  readonly client: AppClient;
  /** Ends the connection and the application. */
  close(): Promise<void>;
}

export const TRANSPORTS: Readonly<Record<string, (data: string) => Promise<Connection>>> = {
  'a WebSocket': async (data) => {
    const app = await openTestApp(data);
    grantModel(app, data);
    const token = 'a'.repeat(43);
    const server = await WebServer.start(
      {
        router: appRouter(app),
        grants: app.grants,
        uploadsDirectory: app.uploadsDirectory,
        playbackFile: (itemId) => app.playbackFile(itemId),
      },
      { port: 0, token, rendererDirectory: data },
    );
    const { host, origin } = new URL(server.url);
    const socket = new WebSocket(`ws://${host}/rpc`, ['veer', `token.${token}`], { origin });
    await once(socket, 'open');
    return {
      // What ws and the browser call a WebSocket differ in types only.
      client: createORPCClient(
        new SocketLink({ websocket: socket as unknown as globalThis.WebSocket }),
      ),
      close: async () => {
        socket.close();
        await server.close();
        await app.close();
      },
    };
  },
  'a child process': async (data) => {
    const entry = fileURLToPath(new URL('./test-app-process.ts', import.meta.url));
    const child = fork(entry, [data], {
      serialization: 'advanced',
      execArgv: [],
    });
    return {
      client: createORPCClient(new PortLink({ port: processPort(child) })),
      close: async () => {
        child.disconnect();
        await once(child, 'exit');
      },
    };
  },
  "Electron's message ports": async (data) => {
    const app = await openTestApp(data);
    grantModel(app, data);
    const { port1: ours, port2: theirs } = channelDouble();
    new RPCHandler(appRouter(app)).upgrade(ours);
    const client: AppClient = createORPCClient(new PortLink({ port: theirs }));
    // What is asked before both ends have started is not lost.
    const early = client.app.info();
    theirs.start();
    setImmediate(() => ours.start());
    await early;
    return {
      client,
      close: async () => {
        theirs.close();
        await app.close();
      },
    };
  },
};
