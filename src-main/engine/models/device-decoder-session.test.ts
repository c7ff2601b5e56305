/**
 * The session for caches on a device, run on the CPU, where a tensor that was disposed of too early is
 * gone as well. That nothing is left on a device is counted by e2e/devices/webgpu.test.ts.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { MODELS_DIRECTORY, spread, TRANSLATORS, translationDev } from '../../../e2e/dev-inputs.ts';
import { CONFIG_FILE, graphFiles } from '../../contract/model-layout.ts';
import { beamSearch } from '../decoding/beam-search.ts';
import type { DecoderSession } from '../decoding/decoder-session.ts';
import { greedySearch } from '../decoding/greedy.ts';
import type { Hypothesis } from '../decoding/hypothesis.ts';
import { MinLength } from '../decoding/logits-processors.ts';
import { DeviceTensors } from '../onnx/device-tensors.ts';
import { Graph } from '../onnx/graph.ts';
import type { Tensor } from '../onnx/tensor.ts';
import { CachedDecoderSession } from './cached-decoder-session.ts';
import type { CacheShape, DecoderGraphs } from './decoder-caches.ts';
import { DeviceDecoderSession } from './device-decoder-session.ts';
import { loadModel } from './factory.ts';
import type { Encoded, Model } from './model.ts';
import { FAMILY_FOLDERS } from './test-families.ts';

const INPUTS = 12;
const FEWEST_TOKENS = 12;
const SUBJECTS = [
  { name: 'merged', directory: join(MODELS_DIRECTORY, TRANSLATORS[1]), dtype: 'fp32' },
  { name: 'in two files', directory: join(FAMILY_FOLDERS, 'mt5'), dtype: 'fp32' },
  {
    name: 'in two files of half precision',
    directory: join(FAMILY_FOLDERS, 'bart'),
    dtype: 'fp16',
  },
] as const;

const configSchema = z.looseObject({
  decoder_start_token_id: z.int(),
  eos_token_id: z.int(),
  d_model: z.int(),
  num_heads: z.int().optional(),
  d_kv: z.int().optional(),
  decoder_attention_heads: z.int().optional(),
});

describe.each(SUBJECTS)('a decoder $name', ({ directory, dtype }) => {
  const device = new DeviceTensors('cpu');
  let graphs: DecoderGraphs;
  let encoded: Encoded;
  let shape: CacheShape;
  let search: Parameters<typeof greedySearch>[1];

  beforeAll(async () => {
    const options = { directory, dtype, device: 'cpu', threads: 2, language: null } as const;
    const model = (await loadModel(options)) as Model<string>;
    // Lengths that differ, so that rows end one after the other and are dropped.
    const inputs = spread(await translationDev(), INPUTS).map(({ source }) => source);
    encoded = await model.encode(model.prepare(inputs));
    await model.dispose();
    const files = graphFiles(dtype);
    const open = (file: string) => Graph.load(join(directory, file), 'cpu', 2);
    if (directory.startsWith(FAMILY_FOLDERS)) {
      const [first, next] = files.splitDecoder;
      graphs = { cross: null, first: await open(first), next: await open(next) };
    } else {
      const merged = await open(files.decoder);
      graphs = { cross: null, first: merged, next: merged };
    }
    const text = await readFile(join(directory, CONFIG_FILE), 'utf8');
    const config = configSchema.parse(JSON.parse(text));
    const heads = config.num_heads ?? config.decoder_attention_heads ?? 0;
    shape = { heads, headSize: config.d_kv ?? config.d_model / heads };
    search = {
      prompts: Array.from({ length: INPUTS }, () => [config.decoder_start_token_id]),
      processors: [],
      endOfTextIds: [config.eos_token_id],
      maxNewTokens: 30,
      signal: new AbortController().signal,
      onStep: undefined,
    };
  });
  afterAll(async () => {
    await device.dispose();
    for (const graph of new Set([graphs.first, graphs.next])) await graph.dispose();
  });

  function onDevice(): DecoderSession {
    const { hiddenStates, validMask } = encoded;
    return new DeviceDecoderSession(graphs, device, hiddenStates, validMask, shape);
  }

  /** Finds the same as the session of the CPU. */
  async function expectAlike(
    find: (session: DecoderSession) => Promise<readonly Hypothesis[]>,
  ): Promise<readonly Hypothesis[]> {
    const { hiddenStates, validMask } = encoded;
    const theirs = await find(new CachedDecoderSession(graphs, hiddenStates, validMask, shape));
    const mine = await find(onDevice());
    expect(mine.map(({ tokenIds }) => tokenIds)).toEqual(theirs.map(({ tokenIds }) => tokenIds));
    for (const [row, { tokenLogProbabilities }] of theirs.entries()) {
      for (const [at, value] of tokenLogProbabilities.entries()) {
        expect(mine[row]?.tokenLogProbabilities[at]).toBeCloseTo(value, 4);
      }
    }
    return mine;
  }

  test('writes the same greedily, with the best tokens from the device', () =>
    expectAlike((session) => greedySearch(session, search)));

  test('writes the same with tokens forbidden on the device', async () => {
    const processors = [new MinLength(FEWEST_TOKENS, search.endOfTextIds)];
    const found = await expectAlike((one) => greedySearch(one, { ...search, processors }));
    expect(found.every(({ tokenIds }) => tokenIds.length >= FEWEST_TOKENS)).toBe(true);
  });

  test('writes the same with beams, whose rows are moved on the device', () =>
    expectAlike(async (session) => {
      const beams = { beams: 4, lengthPenalty: 1, earlyStopping: false };
      return (await beamSearch(session, { ...search, ...beams })).flat();
    }));

  test('every tensor that was left on the device is disposed of in the end', async () => {
    const session = onDevice();
    const left: Tensor[] = [];
    for (const graph of new Set([graphs.first, graphs.next])) {
      const run = graph.run.bind(graph);
      vi.spyOn(graph, 'run').mockImplementation(async (feeds, outputs) => {
        const given = await run(feeds, outputs);
        left.push(...Object.values<Tensor>(given));
        return given;
      });
    }
    const selectRows = device.selectRows.bind(device);
    vi.spyOn(device, 'selectRows').mockImplementation(async (tensors, rows) => {
      const given = await selectRows(tensors, rows);
      left.push(...Object.values(given));
      return given;
    });
    const beams = { beams: 4, lengthPenalty: 1, earlyStopping: false, maxNewTokens: 6 };
    await beamSearch(session, { ...search, ...beams });
    session.keepRows([0]);
    session.dispose();
    vi.restoreAllMocks();
    expect(left.length).toBeGreaterThan(50);
    expect(left.filter(({ location }) => location !== 'none')).toEqual([]);
  });
});
