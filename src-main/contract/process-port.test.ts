import { EventEmitter } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { RouterClient } from '@orpc/server';
import { os } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { expect, test } from 'vitest';
import { type ProcessPort, parentChannel } from './process-port.ts';

const router = { twice: os.handler(({ input }) => 2 * Number(input)) };

/** Electron's parent port: messages wait until somebody listens, and come as `{ data }`. */
class ParentPortDouble {
  readonly sent: unknown[] = [];
  readonly #waiting: unknown[] = [];
  #listener: ((event: { readonly data: unknown }) => void) | null = null;
  onSent: (data: unknown) => void = (data) => this.sent.push(data);

  on(event: string, listener: (event: { readonly data: unknown }) => void): this {
    if (event !== 'message') throw new Error(`Electron's parent port has no event "${event}".`);
    this.#listener = listener;
    for (const data of this.#waiting.splice(0)) listener({ data });
    return this;
  }

  postMessage(data: unknown): void {
    this.onSent(structuredClone(data));
  }

  receive(data: unknown): void {
    if (this.#listener === null) this.#waiting.push(data);
    else this.#listener({ data: structuredClone(data) });
  }
}

/** A process that is no other than its channel. */
function processWith(parts: object): NodeJS.Process {
  return Object.assign(new EventEmitter(), parts) as NodeJS.Process;
}

test('in a utility process calls are answered over its parent port', async () => {
  const parent = new ParentPortDouble();
  const channel = parentChannel(processWith({ parentPort: parent }));
  expect(channel.kind).toBe('utility-process');
  const toParent = new EventEmitter();
  parent.onSent = (data) => toParent.emit('message', { data });
  const appSide: ProcessPort = {
    on: (event, callback) => void toParent.on(event, callback),
    postMessage: (data) => parent.receive(data),
  };
  const client: RouterClient<typeof router> = createORPCClient(new RPCLink({ port: appSide }));
  // Asked before the process listens: the port keeps it.
  const early = client.twice(21);
  new RPCHandler(router).upgrade(channel.port);
  expect(await early).toBe(42);
  expect(await client.twice(4)).toBe(8);
});

test('in a child process the channel of fork is used, and its end is told', () => {
  const sent: unknown[] = [];
  const self = processWith({ send: (data: unknown) => sent.push(data) });
  const channel = parentChannel(self);
  expect(channel.kind).toBe('child-process');
  const received: unknown[] = [];
  let closed = 0;
  channel.port.on('message', (event) => received.push(event?.data));
  channel.port.on('close', () => closed++);
  (self as EventEmitter).emit('message', 'question');
  channel.port.postMessage('answer');
  self.emit('disconnect');
  expect({ received, sent, closed }).toEqual({
    received: ['question'],
    sent: ['answer'],
    closed: 1,
  });
});

test.each([undefined, null, 'port', {}])('%j is no parent port', (parentPort) => {
  expect(parentChannel(processWith({ parentPort })).kind).toBe('child-process');
});
