/** Puts the variables of a file where the table says (`places.ts`), and keeps account of what is left. */

import { VeerError } from '../../../contract/errors.ts';
import { damaged, quoted } from '../byte-source.ts';
import type { Weight } from '../weight-table.ts';
import type { ModelFile, Variable } from './model-file.ts';
import type { Place, Size, Stack } from './places.ts';
import { weightOfRows } from './variable-rows.ts';

const MOST_LAYERS = 256;

/** Collects the weights of one model. Sizes found on the way are known by name afterwards. */
export class WeightPlacer {
  readonly #file: ModelFile;
  readonly #weights = new Map<string, Weight>();
  readonly #sizes = new Map<string, number>();
  readonly #used = new Set<Variable>();
  /** Biases that have to be zeros, because the checkpoint has none there. */
  readonly #zeros: Weight[] = [];

  constructor(file: ModelFile) {
    this.#file = file;
  }

  get weights(): ReadonlyMap<string, Weight> {
    return this.#weights;
  }

  has(variable: string): boolean {
    return this.#file.variables.has(variable);
  }

  /** Two names stand for one tensor. */
  same(variable: string, other: string): boolean {
    const found = this.#file.variables.get(variable);
    return found !== undefined && found === this.#file.variables.get(other);
  }

  /** The size that a name was found to stand for. */
  size(name: string): number {
    const size = this.#sizes.get(name);
    if (size === undefined) throw damaged(this.#file.source.name, `it does not say ${name}`);
    return size;
  }

  /** All layers of a stack; gives their number. */
  stack({ from, to, layer }: Stack): number {
    let layers = 0;
    while (this.#layerIsThere(`${from}/layer_${layers}/`)) layers++;
    if (layers === 0) throw damaged(this.#file.source.name, `its ${from} has no layers`);
    if (layers > MOST_LAYERS) throw damaged(this.#file.source.name, `its ${from} is too deep`);
    for (let i = 0; i < layers; i++) {
      const inFile = (name: string): string => `${from}/layer_${i}/${name}`;
      const inModel = (name: string): string => `${to.replace('{i}', `${i}`)}.${name}`;
      for (const place of layer) this.#place(place, inFile, inModel);
    }
    return layers;
  }

  places(places: readonly Place[]): void {
    const same = (name: string): string => name;
    for (const place of places) this.#place(place, same, same);
  }

  /** One variable as it is, under another name and maybe shape. */
  table(from: string, to: string, shape: readonly Size[]): void {
    const variable = this.#variable(from);
    const sizes = this.#check(variable, shape, 1);
    this.#add(variable, { from: 0, to: variable.shape[0] ?? 1 }, to, sizes);
  }

  /** A vector as the only row of a table. */
  row(from: string, to: string, size: Size): void {
    const variable = this.#variable(from);
    const [length = 0] = this.#check(variable, [size], 1);
    this.#add(variable, { from: 0, to: length }, to, [1, length]);
  }

  /** Puts a weight that is not in the file. */
  make(weight: Weight): void {
    this.#weights.set(weight.name, weight);
  }

  /** A variable that the checkpoint has somewhere else already. */
  drop(from: string): void {
    this.#used.add(this.#variable(from));
  }

  /**
   * Tensors of the file that nothing was made of, and biases that the checkpoint cannot hold.
   *
   * @throws VeerError MODEL_FAMILY_UNSUPPORTED naming one
   */
  async finish(): Promise<void> {
    const { variables, source } = this.#file;
    for (const [name, variable] of variables) {
      if (variable.shape.length === 0 || this.#used.has(variable)) continue;
      const quantised = name.endsWith('_scale') ? variables.get(name.slice(0, -6)) : undefined;
      if (quantised !== undefined && this.#used.has(quantised)) continue;
      throw new VeerError(
        'MODEL_FAMILY_UNSUPPORTED',
        `${source.name} has the weights ${quoted(name)}, which no supported model has. Use a Whisper, ` +
          'Marian, BART, M2M100, NLLB, OpenNMT or T5 model.',
      );
    }
    for (const bias of this.#zeros) {
      const values = await bias.readRows(0, bias.shape[0] ?? 0);
      if (values.some((value) => value !== 0)) {
        throw new VeerError(
          'MODEL_FAMILY_UNSUPPORTED',
          `${source.name} has a bias for ${quoted(bias.name)}, where the model's family has none.`,
        );
      }
    }
  }

  #layerIsThere(prefix: string): boolean {
    for (const name of this.#file.variables.keys()) if (name.startsWith(prefix)) return true;
    return false;
  }

  #place(place: Place, inFile: (n: string) => string, inModel: (n: string) => string): void {
    const from = inFile(place.from);
    switch (place.kind) {
      case 'linear':
        this.#split(`${from}/weight`, place.to.map(inModel), '.weight', place.shape);
        this.#biases(from, place.to.map(inModel), place.shape[0], place.unbiased ?? []);
        return;
      case 'matrix':
        this.#split(`${from}/weight`, place.to.map(inModel), '.weight', place.shape);
        return;
      case 'convolution':
        this.table(`${from}/weight`, `${inModel(place.to)}.weight`, place.shape);
        this.table(`${from}/bias`, `${inModel(place.to)}.bias`, [place.shape[0]]);
        return;
      case 'norm':
        this.table(`${from}/gamma`, `${inModel(place.to)}.weight`, [place.size]);
        this.table(`${from}/beta`, `${inModel(place.to)}.bias`, [place.size]);
        return;
      case 'scale':
        this.table(`${from}/gamma`, `${inModel(place.to)}.weight`, [place.size]);
        return;
      case 'table':
        this.table(from, inModel(place.to), place.shape);
    }
  }

  #biases(from: string, to: readonly string[], size: Size, unbiased: readonly number[]): void {
    const name = `${from}/bias`;
    if (this.has(name)) {
      this.#split(name, to, '.bias', [size], unbiased);
      return;
    }
    const length = typeof size === 'number' ? size : this.size(size);
    for (const [part, module] of to.entries()) {
      if (!unbiased.includes(part)) this.make(zeros(`${module}.bias`, length));
    }
  }

  #split(
    from: string,
    to: readonly string[],
    suffix: string,
    shape: readonly Size[],
    unbiased: readonly number[] = [],
  ): void {
    const variable = this.#variable(from);
    const sizes = this.#check(variable, shape, to.length);
    const [rows = 0] = sizes;
    for (const [part, module] of to.entries()) {
      const range = { from: part * rows, to: (part + 1) * rows };
      const weight = weightOfRows(this.#file, variable, range, module + suffix, sizes);
      if (unbiased.includes(part)) this.#zeros.push(weight);
      else this.#weights.set(weight.name, weight);
    }
    this.#used.add(variable);
  }

  #add(
    variable: Variable,
    range: { readonly from: number; readonly to: number },
    name: string,
    shape: readonly number[],
  ): void {
    this.#weights.set(name, weightOfRows(this.#file, variable, range, name, shape));
    this.#used.add(variable);
  }

  #variable(name: string): Variable {
    const variable = this.#file.variables.get(name);
    if (variable === undefined) {
      throw damaged(this.#file.source.name, `${quoted(name)} is missing`);
    }
    return variable;
  }

  /** The sizes of one part of a variable; every named size is the same wherever it is met. */
  #check(variable: Variable, shape: readonly Size[], parts: number): readonly number[] {
    const [rows = 0, ...others] = variable.shape;
    const sizes = [rows / parts, ...others];
    const fits =
      variable.shape.length === shape.length &&
      rows % parts === 0 &&
      shape.every((expected, axis) => {
        const size = sizes[axis] ?? 0;
        if (typeof expected === 'number') return expected === size;
        const known = this.#sizes.get(expected);
        if (known === undefined) this.#sizes.set(expected, size);
        return known === undefined || known === size;
      });
    if (!fits) {
      const { name } = this.#file.source;
      const found = variable.shape.join(', ');
      throw damaged(name, `${quoted(variable.name)} has the shape [${found}], unlike the others`);
    }
    return sizes;
  }
}

function zeros(name: string, length: number): Weight {
  return {
    name,
    shape: [length],
    precision: 'float16',
    readRows: async (from, to) => new Float32Array(to - from),
  };
}
