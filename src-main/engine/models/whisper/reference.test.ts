/**
 * Parity with the Python library, stored by e2e/fixtures/whisper/make-reference.py: a tiny
 * multilingual model with random weights, and the bundled recognisers, whose timestamps are trained.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RECOGNISERS } from '../../../../e2e/dev-inputs.ts';
import { GREEDY, type Search } from '../../../contract/search.ts';
import { FALLBACK_TEMPERATURES, PLAIN_SPEECH, type Speech } from '../../../contract/speech.ts';
import { averageLogProbability } from '../../decoding/hypothesis.ts';
import { encodeFiles, loadWhisper, whisperReference } from './test-reference.ts';
import type { WhisperModel } from './whisper.ts';

const signal = new AbortController().signal;
const { tiny, starters } = whisperReference;

/** Accepts whatever comes first, and measures it. */
const MEASURED: Speech['fallback'] = {
  temperatures: FALLBACK_TEMPERATURES.slice(0, 1),
  compressionRatioThreshold: null,
  logProbabilityThreshold: null,
  noSpeechThreshold: null,
  seed: 0,
};

describe('the tiny multilingual model', () => {
  let model: WhisperModel;
  beforeAll(async () => {
    model = await loadWhisper('tiny');
  });
  afterAll(() => model.dispose());

  test('hears the languages that the library hears, as probably', async () => {
    for (const { file, probabilities } of tiny.languages) {
      const run = model.run(null, null);
      expect(run.language).toBeNull();
      const { language, probability } = await run.detectLanguage(await encodeFiles(model, [file]));
      const [best] = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
      expect(language).toBe(best?.[0]);
      expect(probability).toBeCloseTo(best?.[1] ?? 0, 4);
      expect(run.language).toBe(language);
    }
  });

  const cases = Map.groupBy(
    tiny.outputs,
    ({ language, task, timestamps, prompt }) =>
      `${task} from ${language}, ${timestamps ? 'timestamps' : 'none'}, prompt "${prompt}"`,
  );
  test.each([...cases])('gives the ids of the library for %s', async (_, outputs) => {
    const { language, task, timestamps, prompt } = outputs[0] as (typeof outputs)[number];
    const speech: Speech = {
      ...PLAIN_SPEECH,
      toEnglish: task === 'translate',
      timestamps,
      prompt: prompt.trim() || null,
    };
    const encoded = await encodeFiles(
      model,
      outputs.map(({ file }) => file),
    );
    const found = await model
      .run(speech, language)
      .decode(encoded, { signal, onStep: undefined, search: { ...GREEDY, maxNewTokens: 24 } });
    for (const [i, { ids, averageLogProbability: average }] of outputs.entries()) {
      expect(found[i]?.tokenIds).toEqual(ids);
      expect(averageLogProbability(found[i] ?? fail())).toBeCloseTo(average, 3);
      expect(found[i]?.details?.phrases === undefined).toBe(!timestamps);
    }
  });

  test('finds the timestamps that the library finds with beams', async () => {
    const encoded = await encodeFiles(
      model,
      tiny.beams.map(({ file }) => file),
    );
    const search: Search = {
      ...GREEDY,
      strategy: 'beam',
      beams: 3,
      lengthPenalty: 1,
      earlyStopping: false,
      returnSequences: 1,
      maxNewTokens: 24,
    };
    const run = model.run({ ...PLAIN_SPEECH, timestamps: true }, 'de');
    const found = await run.decode(encoded, { signal, onStep: undefined, search });
    expect(found.map(({ tokenIds }) => tokenIds)).toEqual(tiny.beams.map(({ ids }) => ids));
  });

  test('finds nobody speaking as probable as the library does, whatever the prompt is', async () => {
    const files = tiny.languages.map(({ file }) => file);
    const encoded = await encodeFiles(model, files);
    const speech = { ...PLAIN_SPEECH, fallback: MEASURED };
    const search = { ...GREEDY, maxNewTokens: 8 };
    const options = { signal, onStep: undefined, search };
    const measured = await model.run(speech, 'de').decode(encoded, options);
    for (const [i, { noSpeech }] of tiny.languages.entries()) {
      expect(measured[i]?.details?.quality?.noSpeechProbability).toBeCloseTo(noSpeech, 5);
    }
    // Measuring changes no text.
    const plain = await model.run(null, 'de').decode(encoded, options);
    expect(measured.map(({ tokenIds }) => tokenIds)).toEqual(plain.map(({ tokenIds }) => tokenIds));
  });
});

describe.each(RECOGNISERS)('%s', (id) => {
  let model: WhisperModel;
  beforeAll(async () => {
    model = await loadWhisper(id);
  });
  afterAll(() => model.dispose());

  test('writes the timestamps that the library writes, and measures the same', async () => {
    const stored = starters[id]?.timestamps ?? [];
    expect(stored).toHaveLength(20);
    const encoded = await encodeFiles(
      model,
      stored.map(({ file }) => file),
    );
    const run = model.run({ ...PLAIN_SPEECH, timestamps: true, fallback: MEASURED }, null);
    const outputs = await run.decode(encoded, { signal, onStep: undefined });
    for (const [i, { ids, averageLogProbability: average, noSpeech }] of stored.entries()) {
      const output = outputs[i] ?? fail();
      expect(output.tokenIds).toEqual(ids);
      expect(averageLogProbability(output)).toBeCloseTo(average, 3);
      expect(output.details?.quality?.noSpeechProbability).toBeCloseTo(noSpeech, 4);
      expect(output.details?.phrases?.map(({ text }) => text).join(' ')).toBe(run.text(ids));
    }
  });
});

function fail(): never {
  throw new Error('There is no such output.');
}
