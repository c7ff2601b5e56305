import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { VeerError } from '../../contract/errors.ts';
import { type LogMelConfig, LogMelExtractor } from './log-mel.ts';
import { noise, REFERENCE_SIGNALS } from './test-signals.ts';

interface ReferenceCase {
  readonly signal: string;
  readonly featureSize: number;
  readonly seconds: number;
  /** Frames whose features are in reference.bin. */
  readonly frames: readonly number[];
  /** Mean of the features of all frames. */
  readonly mean: number;
}

const FIXTURES = new URL('../../../e2e/fixtures/log-mel/', import.meta.url);
const cases: readonly ReferenceCase[] = JSON.parse(
  readFileSync(new URL('reference.json', FIXTURES), 'utf8'),
);
const bytes = readFileSync(new URL('reference.bin', FIXTURES));
const reference = new Float32Array(new Uint8Array(bytes).buffer);

function configFor(featureSize: number, seconds: number): LogMelConfig {
  const nSamples = seconds * 16_000;
  return { featureSize, samplingRate: 16_000, hopLength: 160, nFft: 400, nSamples };
}

describe('features equal those of the Python feature extractor', () => {
  let offset = 0;
  for (const { signal, featureSize, seconds, frames, mean } of cases) {
    const start = offset;
    offset += featureSize * frames.length;
    test(`${signal}, ${featureSize} bands, ${seconds} s`, () => {
      const extractor = new LogMelExtractor(configFor(featureSize, seconds));
      const make = REFERENCE_SIGNALS[signal];
      const features = extractor.extract(Float32Array.from(make?.(seconds * 16_000) ?? []));
      expect(features.length).toBe(featureSize * extractor.frames);
      let worst = 0;
      for (let band = 0; band < featureSize; band++) {
        for (const [i, frame] of frames.entries()) {
          const expected = reference[start + band * frames.length + i] ?? Number.NaN;
          const actual = features[band * extractor.frames + frame] ?? Number.NaN;
          worst = Math.max(worst, Math.abs(actual - expected));
        }
      }
      expect(worst).toBeLessThanOrEqual(1e-5);
      const sum = features.reduce((total, value) => total + value, 0);
      expect(Math.abs(sum / features.length - mean)).toBeLessThanOrEqual(1e-5);
    });
  }

  test('every stored value was compared', () => {
    expect(offset).toBe(reference.length);
  });
});

test('a window is the same whether its padding is left out or written as zeros', () => {
  const extractor = new LogMelExtractor(configFor(80, 6));
  const sound = Float32Array.from(noise(12_345));
  const padded = new Float32Array(96_000);
  padded.set(sound);
  expect(extractor.extract(padded)).toEqual(extractor.extract(sound));
});

test('one extractor gives the same features again after other windows', () => {
  const extractor = new LogMelExtractor(configFor(80, 6));
  const sound = Float32Array.from(noise(96_000));
  const first = extractor.extract(sound);
  extractor.extract(new Float32Array(10).fill(1));
  expect(extractor.extract(sound)).toEqual(first);
});

test('an empty window is silence', () => {
  const features = new LogMelExtractor(configFor(80, 6)).extract(new Float32Array(0));
  expect(features.every((value) => value === -1.5)).toBe(true);
});

test.each([
  ['featureSize', 0],
  ['featureSize', 80.5],
  ['featureSize', 1000],
  ['samplingRate', 44_100],
  ['hopLength', -160],
  ['nFft', 401],
  ['nSamples', 96_001],
  ['nSamples', 160],
  ['nSamples', Number.NaN],
])('%s = %d is refused, quoting the value', (name, value) => {
  const make = () => new LogMelExtractor({ ...configFor(80, 6), [name]: value });
  expect(make).toThrow(VeerError);
  expect(make).toThrow(`${name} is ${value}`);
});
