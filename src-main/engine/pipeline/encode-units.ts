/** Encoder outputs of a batch of units: from the cache where they are kept, else encoded. */

import { throwIfCancelled } from '../../contract/errors.ts';
import type { Encoded, Model } from '../models/model.ts';
import { batchOf, type EncodedRow, rowOf } from './encoded-rows.ts';
import type { EncoderCache } from './encoder-cache.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface Unit<Input> {
  /** Names the encoder input; equal names have equal inputs. */
  readonly name: string;
  /** Asked for only where it must be encoded; null where there is nothing to encode (silence). */
  readonly input: () => Promise<Input | null>;
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

/** @throws VeerError CANCELLED, and whatever the inputs throw */
export async function encodeUnits<Input>(
  units: readonly Unit<Input>[],
  options: EncodeOptions<Input> & { readonly cache: EncoderCache | null },
): Promise<EncodedUnits> {
  const { cache, model, stopwatch } = options;
  const rows = new Map<number, EncodedRow>();
  const missing: { readonly place: number; readonly unit: Unit<Input>; readonly input: Input }[] =
    [];
  for (const [place, unit] of units.entries()) {
    const kept = cache && (await stopwatch.time('encode', () => cache.read(unit.name)));
    if (kept !== null) {
      rows.set(place, kept);
      continue;
    }
    const input = await unit.input();
    if (input === null) await cache?.write(unit.name, SILENCE);
    else missing.push({ place, unit, input });
  }
  if (missing.length === 0) return joined(rows, model.hiddenSize);
  const inputs = missing.map(({ input }) => input);
  const encoded = await encodeInputs(inputs, options);
  if (cache === null) return { units: missing.map(({ place }) => place), encoded };
  cache.countEncoded(missing.length);
  await stopwatch.time('encode', async () => {
    for (const [b, { place, unit }] of missing.entries()) {
      const row = rowOf(encoded, b, model.decodesPadding);
      rows.set(place, row);
      await cache.write(unit.name, row);
    }
  });
  return joined(rows, model.hiddenSize);
}

function joined(rows: ReadonlyMap<number, EncodedRow>, hiddenSize: number): EncodedUnits {
  const heard = [...rows].filter(([, row]) => row.validMask.length > 0).sort(([a], [b]) => a - b);
  return {
    units: heard.map(([place]) => place),
    encoded:
      heard.length === 0
        ? null
        : batchOf(
            heard.map(([, row]) => row),
            hiddenSize,
          ),
  };
}
