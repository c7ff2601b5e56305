/** Encodes and decodes (greedily) the examples that are not stored yet. */

import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { throwIfCancelled, VeerError } from '../../contract/errors.ts';
import { averageLogProbability } from '../decoding/hypothesis.ts';
import type { Model } from '../models/model.ts';
import { dimension } from '../onnx/tensor.ts';
import { rowOf } from '../pipeline/encoded-rows.ts';
import type { CacheRoom } from './cache-room.ts';
import { type Example, nameOf, type Skipped } from './examples.ts';
import type { ReadableModel } from './model-inputs.ts';
import type { OutputStore } from './output-store.ts';

export interface StoreOptions {
  readonly store: OutputStore;
  readonly room: CacheRoom;
  /** Whether an example will be decoded again, for which some decoders need the padding too. */
  readonly decodedAgain: (example: Example) => boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  readonly onSkipped: (skipped: Skipped) => void;
}

/** Name of the folder for the outputs of one model, as it is used. */
export function storeName({
  identity,
  device,
  language,
  sourceLanguage,
}: Pick<Model<unknown>, 'identity' | 'device' | 'language' | 'sourceLanguage'>): string {
  const { encoderSha256, decoderSha256, dtype } = identity;
  const used = [encoderSha256, decoderSha256, dtype, device.used, language, sourceLanguage, 'v1'];
  return createHash('sha256').update(JSON.stringify(used)).digest('hex').slice(0, 32);
}

/** @throws VeerError CANCELLED; what was stored until then stays */
export async function storeOutputs<Input>(
  examples: readonly Example[],
  { model, read, batchSize }: ReadableModel<Input>,
  options: StoreOptions,
): Promise<void> {
  const { store, signal, decodedAgain } = options;
  const missing = examples.filter((example) => {
    const stored = store.get(example.key);
    return (
      stored === null ||
      (model.decodesPadding && decodedAgain(example) && stored.positions < stored.window)
    );
  });
  // Rows of like length share a batch.
  const order = missing.toSorted((a, b) => roughLength(b) - roughLength(a));
  for (let start = 0; start < order.length; start += batchSize) {
    await nextTurn();
    throwIfCancelled(signal);
    options.onProgress(examples.length - order.length + start, examples.length);
    const batch: { readonly example: Example; readonly input: Input }[] = [];
    for (const example of order.slice(start, start + batchSize)) {
      try {
        batch.push({ example, input: await read(example.source, signal) });
      } catch (error) {
        if (!(error instanceof VeerError) || error.code === 'CANCELLED') throw error;
        options.onSkipped({ example: nameOf(example.source), reason: error.message });
      }
    }
    if (batch.length > 0) await storeBatch(batch, model, options);
  }
  options.onProgress(examples.length, examples.length);
}

async function storeBatch<Input>(
  batch: readonly { readonly example: Example; readonly input: Input }[],
  model: Model<Input>,
  { store, room, decodedAgain, signal, onSkipped }: StoreOptions,
): Promise<void> {
  const encoded = await model.encode(await model.prepare(batch.map(({ input }) => input)));
  const window = dimension(encoded.hiddenStates, 1);
  const outputs = await model.decode(encoded, { signal, onStep: () => undefined });
  for (const [b, { example }] of batch.entries()) {
    const output = outputs[b];
    if (output === undefined) continue;
    const row = rowOf(encoded, b, model.decodesPadding && decodedAgain(example));
    const positions = row.validMask.length;
    const valid = row.validMask.lastIndexOf(1) + 1;
    if (valid === 0) {
      onSkipped({ example: nameOf(example.source), reason: 'there is nothing in it' });
    } else if (await room.has(store.bytes + store.sizeOf(positions))) {
      const text = model.text(output.tokenIds);
      const logProbability = averageLogProbability(output);
      await store.add(
        { key: example.key, positions, valid, window, text, logProbability },
        row.hiddenStates,
      );
    } else {
      const reason = 'the cache has no room for it (--cache-size)';
      onSkipped({ example: nameOf(example.source), reason });
    }
  }
}

function roughLength({ source }: Example): number {
  return source.type === 'text' ? source.text.length : 0;
}
