/** What is decoded on two devices to compare them: a recogniser and a translator, short inputs. */

import { join } from 'node:path';
import type { Device } from '../../src-main/contract/devices.ts';
import { PROXIES_DIRECTORY } from '../../src-main/contract/model-layout.ts';
import { GREEDY, type Search } from '../../src-main/contract/search.ts';
import type { Hypothesis } from '../../src-main/engine/decoding/hypothesis.ts';
import { loadModel } from '../../src-main/engine/models/factory.ts';
import type { Encoded, Model } from '../../src-main/engine/models/model.ts';
import { selectRows } from '../../src-main/engine/onnx/tensor.ts';
import { loadProxyFor } from '../../src-main/engine/pipeline/load-proxy.ts';
import {
  FIXTURES,
  MODELS_DIRECTORY,
  readSamples,
  speechDev,
  spread,
  TRANSLATORS,
  translationDev,
} from '../dev-inputs.ts';

/** Outputs of one model with one search. */
export interface Decoded {
  readonly name: string;
  /** Different inputs, however many rows they made. */
  readonly inputs: number;
  /** One list per row: the best output, and others where there are any. */
  readonly rows: readonly (readonly Hypothesis[])[];
}

const INPUTS = 10;
const BEAM_INPUTS = 2;
/** A software driver takes a while for each. */
const TOKENS = 3;
/** Also where a model's rules need all logits: without, the best token is found on the device. */
const SHORT: Search = { ...GREEDY, noRepeatNgramSize: 0, maxNewTokens: TOKENS };
const BEAMS: Search = {
  strategy: 'beam',
  beams: 4,
  lengthPenalty: 1,
  earlyStopping: false,
  returnSequences: 2,
  repetitionPenalty: null,
  noRepeatNgramSize: null,
  minNewTokens: null,
  maxNewTokens: TOKENS,
};

interface Subject {
  readonly directory: string;
  readonly language: string | null;
  /** Null: plain output only. */
  readonly proxy: { readonly directory: string; readonly alphas: readonly number[] } | null;
  readonly read: () => Promise<readonly unknown[]>;
}

const TRANSLATOR = join(MODELS_DIRECTORY, TRANSLATORS[1]);

/** A software driver takes seconds for one window of the bundled recognisers: a tiny one instead. */
const SUBJECTS: readonly Subject[] = [
  {
    directory: join(FIXTURES, 'families', 'whisper-turbo'),
    language: 'en',
    proxy: null,
    read: async () => {
      const some = spread(await speechDev(), INPUTS);
      return Promise.all(some.map(({ path }) => readSamples(path)));
    },
  },
  {
    directory: TRANSLATOR,
    language: null,
    proxy: {
      directory: join(TRANSLATOR, PROXIES_DIRECTORY, 'chrf-attention'),
      alphas: [0, 0.05],
    },
    read: async () => {
      const all = (await translationDev()).map(({ source }) => source);
      return all.toSorted((a, b) => a.length - b.length).slice(0, INPUTS);
    },
  },
];

/** Every model plain and at one α, greedily, and some inputs with beams. */
export async function decodeOn(device: Device): Promise<readonly Decoded[]> {
  const decoded: Decoded[] = [];
  for (const { directory, language, proxy, read } of SUBJECTS) {
    const options = { directory, dtype: 'fp32', device, threads: 2, language } as const;
    const model = (await loadModel(options)) as Model<unknown>;
    if (model.device.used !== device) throw new Error(JSON.stringify(model.device));
    const inputs = await read();
    const plain = await model.encode(model.prepare(inputs));
    const rows = proxy === null ? plain : await perturbed(model, plain, proxy);
    const some = Array.from({ length: BEAM_INPUTS }, (_, b) => b);
    const { id } = model.identity;
    decoded.push(
      { name: `${id}, greedy`, inputs: inputs.length, rows: await decode(model, rows, SHORT) },
      {
        name: `${id}, 4 beams`,
        inputs: some.length,
        rows: await decode(model, firstRows(plain, some), BEAMS),
      },
    );
    await model.dispose();
  }
  return decoded;
}

async function perturbed(
  model: Model<unknown>,
  { hiddenStates, validMask }: Encoded,
  { directory, alphas }: NonNullable<Subject['proxy']>,
): Promise<Encoded> {
  const proxy = await loadProxyFor(model, directory, 2);
  const moved = await proxy.perturb(hiddenStates, validMask, alphas);
  await proxy.dispose();
  const repeated = Array.from({ length: moved.scores.length * alphas.length }, (_, row) =>
    Math.floor(row / alphas.length),
  );
  return { hiddenStates: moved.hiddenStates, validMask: selectRows(validMask, repeated) };
}

function firstRows({ hiddenStates, validMask }: Encoded, rows: readonly number[]): Encoded {
  return { hiddenStates: selectRows(hiddenStates, rows), validMask: selectRows(validMask, rows) };
}

async function decode(model: Model<unknown>, encoded: Encoded, search: Search) {
  const signal = new AbortController().signal;
  const rows = await model.decode(encoded, { signal, onStep: undefined, search });
  return rows.map(({ alternatives = [], ...best }) => [best, ...alternatives]);
}
