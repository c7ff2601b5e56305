import { EventEmitter } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { os, type RouterClient } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import type { IpcMainEvent, MessagePortMain } from 'electron';
import { expect, test, vi } from 'vitest';
import { ASK_PORT, PORT } from '../contract/channels.ts';
import type { ProcessPort } from '../contract/process-port.ts';
import { APP_PAGE } from './app-url.ts';
import { PortHandover } from './port-handover.ts';
import { channelDouble } from './test-message-port.ts';

let ended = 0;
const router = {
  hello: os.handler(() => 'hello'),
  count: os.handler(async function* ({ signal }) {
    try {
      for (let number = 0; ; number++) {
        yield number;
        await new Promise((resolve, reject) => {
          setTimeout(resolve, 5);
          signal?.addEventListener('abort', () => reject(new Error('gone')));
        });
      }
    } finally {
      ended++;
    }
  }),
};
type Client = RouterClient<typeof router>;

/** A page as the main process sees it: what it was sent, and its end. */
class PageDouble extends EventEmitter {
  readonly id: number;
  readonly ports: MessagePortMain[] = [];

  constructor(id: number) {
    super();
    this.id = id;
  }

  postMessage(channel: string, _message: unknown, transfer: MessagePortMain[]): void {
    expect(channel).toBe(PORT);
    this.ports.push(...transfer);
  }
}

function handover() {
  const requests = new EventEmitter();
  const handler = new RPCHandler(router);
  const serve = vi.fn((port: ProcessPort) => handler.upgrade(port));
  const ports = new PortHandover({ createChannel: channelDouble, serve });
  ports.listen({ on: (channel, listener) => requests.on(channel, listener) });
  const ask = (page: PageDouble, url = APP_PAGE, parent: unknown = null): void => {
    const event = { sender: page, senderFrame: { url, parent } };
    requests.emit(ASK_PORT, event as unknown as IpcMainEvent);
  };
  return { ports, serve, ask };
}

function clientOf(port: MessagePortMain | undefined): Client {
  if (port === undefined) throw new Error('no port');
  const client: Client = createORPCClient(
    new RPCLink({
      port: {
        on: (event: string, callback: (event?: { data: unknown }) => void) => {
          if (event === 'message') port.on('message', ({ data }) => callback({ data }));
          else port.on('close', () => callback());
        },
        postMessage: (data: unknown) => port.postMessage(data),
      },
    }),
  );
  port.start();
  return client;
}

test('a page that asks gets a port that answers, also for what was sent before it started', async () => {
  const { ask } = handover();
  const page = new PageDouble(1);
  ask(page);
  const [port] = page.ports;
  const client = clientOf(port);
  expect(await client.hello()).toBe('hello');
});

test('a port is given only when asked for', () => {
  const { serve } = handover();
  expect(serve).not.toHaveBeenCalled();
});

test.each([
  ['another origin', 'https://example.org/', null],
  ['a frame within the page', APP_PAGE, {}],
  ['an empty page', 'about:blank', null],
])('%s gets no port', (_name, url, parent) => {
  const { ask, serve } = handover();
  const page = new PageDouble(1);
  ask(page, url, parent);
  expect(page.ports).toEqual([]);
  expect(serve).not.toHaveBeenCalled();
});

test('a page loaded again gets a new port; the old one closes and its streams end', async () => {
  const { ask } = handover();
  const page = new PageDouble(1);
  ask(page);
  const closed = vi.fn();
  page.ports[0]?.on('close', closed);
  const stream = await clientOf(page.ports[0]).count();
  const before = ended;
  expect((await stream.next()).value).toBe(0);
  ask(page);
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  await vi.waitFor(() => expect(ended).toBe(before + 1));
  expect(await clientOf(page.ports[1]).hello()).toBe('hello');
  expect(page.listenerCount('destroyed')).toBe(1);
});

test('the end of a page ends its streams', async () => {
  const { ask } = handover();
  const page = new PageDouble(1);
  ask(page);
  const stream = await clientOf(page.ports[0]).count();
  await stream.next();
  const before = ended;
  page.emit('destroyed');
  await vi.waitFor(() => expect(ended).toBe(before + 1));
});

test('a port that the page closes itself ends its streams', async () => {
  const { ask } = handover();
  const page = new PageDouble(1);
  ask(page);
  const stream = await clientOf(page.ports[0]).count();
  await stream.next();
  const before = ended;
  page.ports[0]?.close();
  await vi.waitFor(() => expect(ended).toBe(before + 1));
});

test('closing ends all conversations', async () => {
  const { ports, ask } = handover();
  const pages = [new PageDouble(1), new PageDouble(2)];
  const closed = vi.fn();
  for (const page of pages) {
    ask(page);
    page.ports[0]?.start();
    page.ports[0]?.on('close', closed);
  }
  ports.close();
  await vi.waitFor(() => expect(closed).toHaveBeenCalledTimes(2));
});
