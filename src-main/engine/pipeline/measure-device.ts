/**
 * A fixed piece of work, to compare devices on a model: encode a few inputs, then decode at most 32
 * tokens of each greedily. Once to warm up (a graphics processor compiles then), then the median of
 * five. No proxy: it costs little beside the model.
 */

import { GREEDY, type Search } from '../../contract/search.ts';
import type { LoadedModel, Model, SpeechModel } from '../models/model.ts';

export interface DeviceTimes {
  /** Milliseconds, medians. */
  readonly encode: number;
  readonly decode: number;
  /** Generated ids of every row. */
  readonly tokenIds: readonly (readonly number[])[];
}

const RUNS = 5;
const SEARCH: Search = { ...GREEDY, maxNewTokens: 32 };
const SENTENCES = [
  'The train to the coast leaves at half past nine.',
  'She asked whether the letter had arrived.',
  'Good morning!',
  'In winter the river freezes, and people walk across it to the island where the market is held.',
];
const WINDOWS = 2;

export function measureDevice(model: LoadedModel): Promise<DeviceTimes> {
  return model.task === 'transcribe'
    ? timesOf(
        model,
        Array.from({ length: WINDOWS }, (_, i) => tone(model, i)),
      )
    : timesOf(model, SENTENCES);
}

async function timesOf<Input>(model: Model<Input>, inputs: readonly Input[]): Promise<DeviceTimes> {
  const signal = new AbortController().signal;
  const prepared = model.prepare(inputs);
  const encode = () => model.encode(prepared);
  const encoded = await encode();
  const decode = () => model.decode(encoded, { signal, onStep: undefined, search: SEARCH });
  const rows = await decode();
  return {
    encode: await median(encode),
    decode: await median(decode),
    tokenIds: rows.map(({ tokenIds }) => tokenIds),
  };
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0;
}

/** A window of a tone that rises and falls, in pulses as of syllables. */
function tone({ windowSamples, samplingRate }: SpeechModel, place: number): Float32Array {
  let phase = 0;
  return Float32Array.from({ length: windowSamples }, (_, i) => {
    const seconds = i / samplingRate;
    const pitch = 180 + 60 * place + 80 * Math.sin(2 * Math.PI * 0.7 * seconds);
    phase += (2 * Math.PI * pitch) / samplingRate;
    const loudness = Math.max(0, Math.sin(2 * Math.PI * 2.5 * seconds));
    return 0.2 * loudness * (Math.sin(phase) + 0.5 * Math.sin(3 * phase));
  });
}
