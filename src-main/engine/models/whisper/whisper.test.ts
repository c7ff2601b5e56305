/** What the two recognisers add to Whisper's plain shape: timestamps, and outputs not asked for. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { MODELS_DIRECTORY, RECOGNISERS } from '../../../../e2e/dev-inputs.ts';
import { Graph } from '../../onnx/graph.ts';
import { loadModel } from '../factory.ts';
import type { SpeechModel } from '../model.ts';

const never = new AbortController().signal;

describe.each(RECOGNISERS)('%s', (id) => {
  const directory = join(MODELS_DIRECTORY, id);
  let model: SpeechModel;
  let tokens: Readonly<Record<string, number>>;

  beforeAll(async () => {
    const options = { directory, dtype: 'fp32', device: 'cpu', threads: 2 } as const;
    const loaded = await loadModel({ ...options, language: null });
    if (loaded.task !== 'transcribe') throw new Error(`${id} is no recogniser.`);
    model = loaded;
    const { model: bpe, added_tokens: added } = JSON.parse(
      await readFile(join(directory, 'tokenizer.json'), 'utf8'),
    ) as {
      readonly model: { readonly vocab: Readonly<Record<string, number>> };
      readonly added_tokens: readonly { readonly content: string; readonly id: number }[];
    };
    tokens = { ...bpe.vocab, ...Object.fromEntries(added.map((t) => [t.content, t.id])) };
  });
  afterAll(async () => model.dispose());

  const idsOf = (...names: readonly string[]) => names.map((name) => tokens[name] ?? Number.NaN);

  test('writes words, and neither special tokens nor timestamps', () => {
    const ids = idsOf('<|0.00|>', 'Ġ', 'a', '<|1.24|>', '<|transcribe|>', 'b', '<|6.00|>');
    expect(ids.every(Number.isInteger)).toBe(true);
    expect(model.text(ids)).toBe('ab');
    expect(model.text(idsOf('<|0.00|>', '<|6.00|>'))).toBe('');
    expect(model.text([])).toBe('');
  });

  test('decodes a window of zeros, and a window without any sample', async () => {
    const encoded = await model.encode(
      model.prepare([new Float32Array(model.windowSamples), new Float32Array(0)]),
    );
    const hypotheses = await model.decode(encoded, { signal: never, onStep: undefined });
    expect(hypotheses).toHaveLength(2);
    for (const { tokenIds } of hypotheses) expect(model.text(tokenIds)).not.toMatch(/<\||\|>/);
  });

  test('asks the decoder for logits and caches only', async () => {
    const run = vi.spyOn(Graph.prototype, 'run');
    const encoded = await model.encode(model.prepare([new Float32Array(16_000)]));
    await model.decode(encoded, { signal: never, onStep: undefined });
    const asked = new Set(run.mock.calls.flatMap(([, outputs]) => outputs));
    run.mockRestore();
    const others = [...asked].filter((name) => !/^(logits|last_hidden_state|present\.)/.test(name));
    expect(asked.size).toBeGreaterThan(2);
    expect(others).toEqual([]);
  });
});
