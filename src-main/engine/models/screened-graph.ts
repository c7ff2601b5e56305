/**
 * A graph whose later steps screen their vocabulary, for as long as that pays: where a screen does not
 * tell the best token, the step is taken again with all logits, and costs more than without a screen. A
 * decoder with which that happens often goes on without.
 */

import type { Screen } from '../onnx/editing/screened-vocabulary.ts';
import type { Graph } from '../onnx/graph.ts';

/** Steps that are looked back on. */
const WINDOW = 64;
/** A step that tells takes about 0.6 of a plain one, the others 1.6: even at two fifths of failures. */
const MOST_FAILED = WINDOW / 3;

export class ScreenedGraph {
  readonly graph: Graph;
  readonly screen: Screen;
  /** Of the last steps, whether the screen told the best token. */
  readonly #recent: boolean[] = [];
  #pays = true;
  #sessions = 0;
  #released: Promise<void> | null = null;

  constructor(graph: Graph, screen: Screen) {
    this.graph = graph;
    this.screen = screen;
  }

  /** False for good once it has been. */
  get pays(): boolean {
    return this.#pays;
  }

  /** @param told whether the screen told the best tokens of a step */
  record(told: boolean): void {
    this.#recent.push(told);
    if (this.#recent.length > WINDOW) this.#recent.shift();
    const failed = this.#recent.filter((one) => !one).length;
    if (this.#recent.length === WINDOW && failed > MOST_FAILED) this.#pays = false;
  }

  /** A session that uses the graph; it must be closed. */
  open(): void {
    this.#sessions++;
  }

  /** The last one releases a graph that no longer pays. */
  async close(): Promise<void> {
    this.#sessions--;
    if (!this.#pays && this.#sessions === 0) await this.dispose();
  }

  dispose(): Promise<void> {
    this.#released ??= this.graph.dispose();
    return this.#released;
  }
}
