/**
 * Everybody who follows the queue. Each has a line of its own, so that a slow one holds up nobody:
 * of the growing texts it gets only the newest, everything else it gets whole and in order. One
 * that has fallen hopelessly behind is let go; it asks again and begins with a snapshot.
 */

import type { JobEvent } from '../contract/jobs.ts';

/** Events that may wait for one watcher. */
const MOST_WAITING = 50_000;
/** Growing texts that may wait for one watcher; the oldest goes first. */
const MOST_PARTIALS = 256;

export class JobWatchers {
  readonly #lines = new Set<Line>();
  #closed = false;

  /**
   * @param first what the watcher hears before anything else; asked for when the watcher begins to
   *   read, so that nothing is missed between it and the next event
   * @param signal ends the watching; what was told before is still handed out
   */
  async *watch(
    first: () => JobEvent,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<JobEvent, void, void> {
    if (this.#closed || signal?.aborted === true) return;
    const line = new Line(first());
    const leave = () => line.end();
    this.#lines.add(line);
    signal?.addEventListener('abort', leave, { once: true });
    try {
      for (let event = await line.next(); event !== null; event = await line.next()) yield event;
    } finally {
      signal?.removeEventListener('abort', leave);
      this.#lines.delete(line);
    }
  }

  tell(event: JobEvent): void {
    for (const line of this.#lines) {
      if (!line.add(event)) this.#lines.delete(line);
    }
  }

  /** Ends every watching. */
  close(): void {
    this.#closed = true;
    for (const line of this.#lines) line.end();
  }
}

class Line {
  #waiting: JobEvent[] = [];
  #partials = 0;
  #ended = false;
  #wake: (() => void) | null = null;

  constructor(first: JobEvent) {
    this.#waiting.push(first);
  }

  /** @returns false when the watcher was let go */
  add(event: JobEvent): boolean {
    if (this.#ended) return false;
    if (event.type === 'partial') this.#makeRoomFor(event);
    if (this.#waiting.length >= MOST_WAITING) {
      this.#waiting = [];
      this.end();
      return false;
    }
    this.#waiting.push(event);
    this.#wakeUp();
    return true;
  }

  /** Null at the end. What was told before the end is still handed out. */
  async next(): Promise<JobEvent | null> {
    while (this.#waiting.length === 0) {
      if (this.#ended) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const event = this.#waiting.shift() ?? null;
    if (event?.type === 'partial') this.#partials--;
    return event;
  }

  end(): void {
    this.#ended = true;
    this.#wakeUp();
  }

  #makeRoomFor(event: Extract<JobEvent, { type: 'partial' }>): void {
    let old = this.#waiting.findLastIndex(
      (other) =>
        other.type === 'partial' && other.runId === event.runId && other.index === event.index,
    );
    if (old === -1 && this.#partials >= MOST_PARTIALS) {
      old = this.#waiting.findIndex((other) => other.type === 'partial');
    }
    if (old === -1) this.#partials++;
    else this.#waiting.splice(old, 1);
  }

  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}
