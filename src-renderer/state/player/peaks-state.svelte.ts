/** The waveform of the open item: peaks of the whole, and of the part that is looked at. */

import type { AppClient } from '../../bridge/app-client.ts';
import type { Peaks } from './peaks-path.ts';
import { firstZoom, type PeaksWindow, windowAt, windowLengths } from './peaks-window.ts';

type Question = Parameters<AppClient['media']['peaks']>[0];

/** Pieces are asked for in such steps, so that a window that is resized is not asked for at each pixel. */
const PIECES_STEP = 256;

/** Peaks for one drawing: one question at a time, and of the later ones only the last. */
export class DrawnPeaks {
  /** Of the last question that was answered. */
  answer: Peaks | null = $state.raw(null);
  readonly #client: AppClient;
  #asked: Question | null = null;
  #asking = false;

  constructor(client: AppClient) {
    this.#client = client;
  }

  /** Never rejects: without an answer a waveform is only not drawn. */
  async ask(itemId: string, { from, to }: PeaksWindow, columns: number): Promise<void> {
    if (to <= from || columns <= 0) return;
    const pieces = Math.ceil(columns / PIECES_STEP) * PIECES_STEP;
    const before = this.#asked;
    if (
      before?.itemId === itemId &&
      before.from === from &&
      before.to === to &&
      before.pieces === pieces
    )
      return;
    if (before?.itemId !== itemId) this.answer = null;
    this.#asked = { itemId, from, to, pieces };
    if (this.#asking) return;
    this.#asking = true;
    let asked: Question | null = null;
    while (asked !== this.#asked && this.#asked !== null) {
      asked = this.#asked;
      const answer = await this.#client.media.peaks(asked).catch(() => null);
      if (answer === null && asked === this.#asked) this.#asked = null;
      else if (this.#asked?.itemId === asked.itemId && answer !== null) this.answer = answer;
    }
    this.#asking = false;
  }

  forget(): void {
    this.#asked = null;
    this.answer = null;
  }
}

export class PeaksState {
  readonly whole: DrawnPeaks;
  readonly part: DrawnPeaks;
  /** What is looked at; null until a recording is shown. */
  window: PeaksWindow | null = $state.raw(null);
  /** Place in `lengths`. */
  #zoom = $state(0);
  #duration = $state(0);
  #itemId: string | null = null;
  readonly #lengths = $derived(windowLengths(this.#duration));
  readonly canZoomIn = $derived(this.#zoom < this.#lengths.length - 1);
  readonly canZoomOut = $derived(this.#zoom > 0);

  constructor(client: AppClient) {
    this.whole = new DrawnPeaks(client);
    this.part = new DrawnPeaks(client);
  }

  /** To be called as the time moves. Seconds. */
  show(itemId: string, time: number, duration: number): void {
    if (itemId !== this.#itemId || duration !== this.#duration) {
      if (itemId !== this.#itemId) this.#forget();
      this.#itemId = itemId;
      this.#duration = duration;
      this.#zoom = firstZoom(duration);
      this.window = null;
    }
    const length = this.#lengths[this.#zoom] ?? duration;
    this.window = windowAt(time, length, duration, this.window);
  }

  zoom(direction: 1 | -1): void {
    this.#zoom = Math.min(Math.max(0, this.#zoom + direction), this.#lengths.length - 1);
  }

  #forget(): void {
    this.whole.forget();
    this.part.forget();
  }
}
