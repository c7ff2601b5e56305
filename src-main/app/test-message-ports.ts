/**
 * Two ends of a channel that behave as Electron's MessagePortMain does: messages are structured
 * clones, they wait until `start` is called, and closing one end tells the other.
 */

import { EventEmitter } from 'node:events';

export class TestMessagePort extends EventEmitter {
  #other: TestMessagePort | null = null;
  #waiting: unknown[] | null = [];
  #closed = false;

  static channel(): readonly [TestMessagePort, TestMessagePort] {
    const one = new TestMessagePort();
    const two = new TestMessagePort();
    one.#other = two;
    two.#other = one;
    return [one, two];
  }

  postMessage(data: unknown): void {
    if (this.#closed) return;
    const copy: unknown = structuredClone(data);
    setImmediate(() => this.#other?.receive(copy));
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const data of waiting) this.emit('message', { data });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.emit('close');
    setImmediate(() => this.#other?.close());
  }

  receive(data: unknown): void {
    if (this.#closed) return;
    if (this.#waiting === null) this.emit('message', { data });
    else this.#waiting.push(data);
  }
}
