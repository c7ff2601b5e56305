/** Puts Marian's parameters where the table says (`places.ts`), and keeps account of what is left. */

import { VeerError } from '../../../contract/errors.ts';
import { damaged, quoted } from '../byte-source.ts';
import type { Weight } from '../weight-table.ts';
import { type MarianFile, type MarianItem, weightOfItem, weightOfMatrix } from './marian-items.ts';
import type { MarianPlace } from './places.ts';

/** Multipliers of activations; they are part of Marian's int8 arithmetic, not of the model. */
const ACTIVATION_MULTIPLIER = /_QuantMultA$/;

/** Collects the weights of one model of a known width. */
export class ItemPlacer {
  readonly #file: MarianFile;
  readonly #width: number;
  readonly #sizes: Map<string, number>;
  readonly #weights = new Map<string, Weight>();
  readonly #used = new Set<string>();

  /** @param width of embeddings and layers */
  constructor(file: MarianFile, width: number) {
    this.#file = file;
    this.#width = width;
    this.#sizes = new Map([['width', width]]);
  }

  get weights(): ReadonlyMap<string, Weight> {
    return this.#weights;
  }

  has(name: string): boolean {
    return this.#file.items.has(name);
  }

  /** One layer. `from` and `to` go before the names of the table. */
  places(places: readonly MarianPlace[], from: string, to: string): void {
    for (const place of places) {
      const target = `${to}.${place.to}`;
      if (place.kind === 'norm') {
        this.norm(`${from}_${place.from}`, target);
        continue;
      }
      const stack = from.slice(0, from.indexOf('_'));
      const sizes = [place.from, place.into].map((size) => (size ? `${stack} ${size}` : 'width'));
      const rows = this.#matrix(`${from}_${place.weight}`, `${target}.weight`, sizes);
      if (place.bias !== null) this.vector(`${from}_${place.bias}`, `${target}.bias`, rows);
    }
  }

  norm(from: string, to: string): void {
    const suffix = this.has(`${from}_ln_scale_pre`) ? '_pre' : '';
    this.vector(`${from}_ln_scale${suffix}`, `${to}.weight`, this.#width);
    this.vector(`${from}_ln_bias${suffix}`, `${to}.bias`, this.#width);
  }

  /** The matrix of the output [width, vocabulary], as [vocabulary, width]. */
  output(from: string, to: string): void {
    this.#matrix(from, to, ['width', 'vocabulary']);
  }

  /** A table as it is, [rows, width]; gives its rows. */
  table(from: string, to: string): number {
    const item = this.#take(from);
    const [rows = 0, width = 0] = item.shape;
    if (item.shape.length !== 2 || width !== this.#width || item.transposed)
      throw this.#unfit(item);
    this.#add(weightOfItem(item, to, [rows, width]));
    return rows;
  }

  /** [1, length] as [length]. */
  vector(from: string, to: string, length: number): void {
    const item = this.#take(from);
    if (item.elements !== length || item.transposed) throw this.#unfit(item);
    this.#add(weightOfItem(item, to, [length]));
  }

  /** [1, length] as it is. */
  row(from: string, to: string, length: number): void {
    const item = this.#take(from);
    if (item.elements !== length || item.transposed) throw this.#unfit(item);
    this.#add(weightOfItem(item, to, [1, length]));
  }

  /** Puts a weight that is not in the file. */
  make(weight: Weight): void {
    this.#add(weight);
  }

  /** @throws VeerError MODEL_FAMILY_UNSUPPORTED naming a parameter that nothing was made of */
  finish(): void {
    for (const name of this.#file.items.keys()) {
      if (this.#used.has(name) || ACTIVATION_MULTIPLIER.test(name)) continue;
      throw new VeerError(
        'MODEL_FAMILY_UNSUPPORTED',
        `${this.#file.name} has the weights ${quoted(name)}, which cannot be used. Use a transformer of Marian ` +
          'whose decoder has self-attention or simple recurrent units.',
      );
    }
  }

  /** A matrix [in, out] as [out, in]; gives out. A size's name stands for the same wherever it is used. */
  #matrix(from: string, to: string, sizes: readonly string[]): number {
    const item = this.#take(from);
    const fits = sizes.every((name, axis) => {
      const size = item.shape[axis] ?? 0;
      const known = this.#sizes.get(name) ?? size;
      this.#sizes.set(name, known);
      return size === known;
    });
    if (item.shape.length !== 2 || !fits) throw this.#unfit(item);
    this.#add(weightOfMatrix(item, to));
    return item.shape[1] ?? 0;
  }

  #add(weight: Weight): void {
    this.#weights.set(weight.name, weight);
  }

  #take(name: string): MarianItem {
    const item = this.#file.items.get(name);
    if (item === undefined) throw damaged(this.#file.name, `${quoted(name)} is missing`);
    this.#used.add(name);
    return item;
  }

  #unfit(item: MarianItem): VeerError {
    const shape = item.shape.join(', ');
    return damaged(
      this.#file.name,
      `${quoted(item.name)} has the shape [${shape}], unlike the others`,
    );
  }
}
