/**
 * A double of Electron's MessagePortMain, which cannot run here: it queues what comes until
 * `start()`, delivers later and never at once, copies what it carries, and tells the other end (not
 * its own listeners) when it is closed. That is what Electron's documentation says of it.
 */

import { EventEmitter } from 'node:events';
import type { MessageEvent, MessagePortMain } from 'electron';

class PortDouble extends EventEmitter {
  other: PortDouble | null = null;
  #queue: MessageEvent[] | null = [];
  #closed = false;

  postMessage(message: unknown, transfer: MessagePortMain[] = []): void {
    if (this.#closed) return;
    const event = { data: structuredClone(message), ports: transfer } as MessageEvent;
    setImmediate(() => this.other?.deliver(event));
  }

  start(): void {
    const queued = this.#queue ?? [];
    this.#queue = null;
    for (const event of queued) this.emit('message', event);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    setImmediate(() => this.other?.disconnected());
  }

  deliver(event: MessageEvent): void {
    if (this.#closed) return;
    if (this.#queue !== null) this.#queue.push(event);
    else this.emit('message', event);
  }

  disconnected(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.emit('close');
  }
}

/** What `new MessageChannelMain()` gives. */
export function channelDouble(): { port1: MessagePortMain; port2: MessagePortMain } {
  const port1 = new PortDouble();
  const port2 = new PortDouble();
  port1.other = port2;
  port2.other = port1;
  return { port1, port2 };
}
