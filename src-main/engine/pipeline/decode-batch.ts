/** One batch, of one file or of several: encoded and decoded together, silence left out. */

import type { Encoded, Model, TextDecoder } from '../models/model.ts';
import { selectEncoded } from '../models/select-encoded.ts';
import { encodeUnits, type ReadUnit } from './encode-units.ts';
import { copied, type DecodedInput, perturbedDecode } from './perturbed-decode.ts';
import type { Setup } from './run.ts';
import { Stopwatch } from './stopwatch.ts';

/** A file with units in the batch, and what it hears of them. */
export interface BatchFile<Input> {
  /** Is given the file's share of the work. */
  readonly stopwatch: Stopwatch;
  /** The units are encoded, or their encoder outputs were found. */
  encoded(): void;
  /**
   * What decodes the units.
   *
   * @param first encoder output of the first one that is not silent
   */
  decoder(first: () => Encoded): Promise<BatchDecoder<Input>> | BatchDecoder<Input>;
  /** @param place of the unit among those of the file in this batch; texts so far, one for each α */
  partial(place: number, texts: readonly string[]): void;
}

export interface BatchDecoder<Input> {
  readonly decoder: TextDecoder<Input>;
  /** Decoders with equal keys do the same. */
  readonly key: string;
}

export interface BatchPart<Input> {
  readonly file: BatchFile<Input>;
  readonly units: readonly ReadUnit<Input>[];
}

/** A unit with something to decode. */
interface Row {
  readonly part: number;
  /** Among the units of the part. */
  readonly place: number;
  readonly name: string;
}

/**
 * @returns for every part one output per unit
 * @throws VeerError CANCELLED, and those of decoding; then no file has been told an output
 */
export async function decodeBatch<Input>(
  parts: readonly BatchPart<Input>[],
  setup: Setup<Model<Input>>,
  signal: AbortSignal,
): Promise<readonly (readonly DecodedInput[])[]> {
  const stopwatch = new Stopwatch();
  const units = parts.flatMap(({ units }) => units);
  const { units: audible, encoded } = await encodeUnits(units, { ...setup, stopwatch, signal });
  for (const { file } of parts) file.encoded();
  const outputs = parts.map(({ units }) => units.map(() => copied('', setup.alphas)));
  const places = parts.flatMap(({ units }, part) =>
    units.map(({ name }, place): Row => ({ part, place, name })),
  );
  const rows = audible.flatMap((unit) => places[unit] ?? []);
  if (encoded !== null) {
    for (const group of await byDecoder(rows, parts, encoded, stopwatch)) {
      const own = group.rows.flatMap((b) => rows[b] ?? []);
      const whole = own.length === rows.length;
      const decoded = await perturbedDecode(whole ? encoded : selectEncoded(encoded, group.rows), {
        ...setup,
        model: group.decoder,
        inputNames: own.map(({ name }) => name),
        stopwatch,
        signal,
        onPartial: (texts) => {
          texts.forEach((variants, b) => {
            const row = own[b];
            if (row !== undefined) parts[row.part]?.file.partial(row.place, variants);
          });
        },
      });
      decoded.forEach((output, b) => {
        const { part, place } = own[b] ?? { part: -1, place: -1 };
        outputs[part]?.splice(place, 1, output);
      });
    }
  }
  for (const [part, { file, units: own }] of parts.entries()) {
    // What is silent costs nothing, unless there is nothing else.
    const share =
      rows.length === 0
        ? own.length / Math.max(1, units.length)
        : rows.filter((row) => row.part === part).length / rows.length;
    file.stopwatch.addShare(share, stopwatch);
  }
  return outputs;
}

interface Group<Input> extends BatchDecoder<Input> {
  /** Of the encoder output, ascending. */
  readonly rows: readonly number[];
}

async function byDecoder<Input>(
  rows: readonly Row[],
  parts: readonly BatchPart<Input>[],
  encoded: Encoded,
  stopwatch: Stopwatch,
): Promise<readonly Group<Input>[]> {
  const groups = new Map<string, { decoder: TextDecoder<Input>; rows: number[] }>();
  for (const [part, { file }] of parts.entries()) {
    const own = rows.flatMap((row, b) => (row.part === part ? [b] : []));
    const [first] = own;
    if (first === undefined) continue;
    const { decoder, key } = await stopwatch.time('decode', () =>
      file.decoder(() => selectEncoded(encoded, [first])),
    );
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { decoder, rows: own });
    else group.rows.push(...own);
  }
  return [...groups].map(([key, group]) => ({ key, ...group }));
}
