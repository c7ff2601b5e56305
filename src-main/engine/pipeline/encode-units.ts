/** Encoder outputs of a batch of units: from the cache where they are kept, else encoded. */

import { throwIfCancelled } from '../../contract/errors.ts';
import type { Encoded, Model } from '../models/model.ts';
import { batchOf, type EncodedRow, rowOf } from './encoded-rows.ts';
import type { EncoderCache } from './encoder-cache.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface Unit<Input> {
  /** Names the encoder input; equal names of one file have equal inputs. */
  readonly name: string;
  /** Asked for only where it must be encoded; null where there is nothing to encode (silence). */
  readonly input: () => Promise<Input | null>;
}

/** A unit that is ready to be encoded, or need not be. */
export interface ReadUnit<Input> {
  readonly name: string;
  /** Encoder output that was kept, without a position for silence; else null. */
  readonly kept: EncodedRow | null;
  /** Null where there is an output, or nothing to encode. */
  readonly input: Input | null;
  /** Where its output is to be kept. */
  readonly cache: EncoderCache | null;
}

interface EncodeOptions<Input> {
  readonly model: Model<Input>;
  readonly stopwatch: Stopwatch;
  readonly signal: AbortSignal;
}

interface EncodedUnits {
  /** Positions of the units that have something to decode, ascending. */
  readonly units: readonly number[];
  /** Their rows; null where there are none. */
  readonly encoded: Encoded | null;
}

const SILENCE: EncodedRow = { hiddenStates: new Float32Array(0), validMask: new Uint8Array(0) };

/**
 * @param inputs at least one
 * @throws VeerError CANCELLED
 */
export async function encodeInputs<Input>(
  inputs: readonly Input[],
  { model, stopwatch, signal }: EncodeOptions<Input>,
): Promise<Encoded> {
  throwIfCancelled(signal);
  const prepared = await stopwatch.time('features', () => model.prepare(inputs));
  return stopwatch.time('encode', () => model.encode(prepared));
}

/** Of one file, in their order. @throws whatever the inputs throw */
export async function readUnits<Input>(
  units: readonly Unit<Input>[],
  { cache, stopwatch }: Pick<EncodeOptions<Input>, 'stopwatch'> & Pick<ReadUnit<Input>, 'cache'>,
): Promise<readonly ReadUnit<Input>[]> {
  const read: ReadUnit<Input>[] = [];
  for (const { name, input: readInput } of units) {
    const kept = cache && (await stopwatch.time('encode', () => cache.read(name)));
    const input = kept === null ? await readInput() : null;
    if (kept === null && input === null) await cache?.write(name, SILENCE);
    read.push({ name, kept, input, cache });
  }
  return read;
}

/** @throws VeerError CANCELLED */
export async function encodeUnits<Input>(
  units: readonly ReadUnit<Input>[],
  options: EncodeOptions<Input>,
): Promise<EncodedUnits> {
  const { model, stopwatch } = options;
  const missing = units.flatMap(({ input, ...unit }, place) =>
    input === null ? [] : [{ ...unit, input, place }],
  );
  const inputs = missing.map(({ input }) => input);
  const encoded = inputs.length === 0 ? null : await encodeInputs(inputs, options);
  if (units.every(({ cache }) => cache === null)) {
    return { units: missing.map(({ place }) => place), encoded };
  }
  const rows = units.map(({ kept }) => kept);
  await stopwatch.time('encode', async () => {
    if (encoded === null) return;
    for (const [b, { place, name, cache }] of missing.entries()) {
      const row = rowOf(encoded, b, model.decodesPadding);
      rows[place] = row;
      cache?.countEncoded(1);
      await cache?.write(name, row);
    }
  });
  return joined(rows, model.hiddenSize);
}

function joined(rows: readonly (EncodedRow | null)[], hiddenSize: number): EncodedUnits {
  const heard = rows.flatMap((row, place) =>
    row === null || row.validMask.length === 0 ? [] : [{ row, place }],
  );
  return {
    units: heard.map(({ place }) => place),
    encoded:
      heard.length === 0
        ? null
        : batchOf(
            heard.map(({ row }) => row),
            hiddenSize,
          ),
  };
}
