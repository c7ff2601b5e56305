/**
 * Log-mel features of one audio window, number for number those of Hugging Face's
 * `WhisperFeatureExtractor` (transformers, `feature_extraction_whisper.py`), which follows
 * openai/whisper `audio.py`. All arithmetic is float64: near the 1e-10 floor a float32 transform
 * is off by more than the models forgive.
 */

import { VeerError } from '../../contract/errors.ts';
import { type MelFilter, slaneyMelFilters } from './mel-filters.ts';
import { RealFft } from './real-fft.ts';

export interface LogMelConfig {
  /** Mel bands; 80 or 128 in Whisper models. */
  readonly featureSize: number;
  /** Hz; 16000 in Whisper models. */
  readonly samplingRate: number;
  /** Samples between two frames; 160 in Whisper models. */
  readonly hopLength: number;
  /** Samples per transform, even; 400 in Whisper models. */
  readonly nFft: number;
  /** Samples per window; 480000 (30 s) in most Whisper models. A multiple of hopLength. */
  readonly nSamples: number;
}

/** Smallest band energy before log10, as in openai/whisper `log_mel_spectrogram`. */
const FLOOR = 1e-10;
const FLOOR_LOG10 = Math.log10(FLOOR);
/** Features further than this below the window's maximum (in log10 units) are raised to it. */
const DYNAMIC_RANGE = 8;

export class LogMelExtractor {
  readonly config: LogMelConfig;
  /** Frames per window: nSamples / hopLength. */
  readonly frames: number;
  readonly #hann: Float64Array;
  readonly #filters: readonly MelFilter[];
  readonly #fft: RealFft;

  /** @throws VeerError OPTION_INVALID, quoting the wrong value */
  constructor(config: LogMelConfig) {
    checkConfig(config);
    const { featureSize, samplingRate, hopLength, nFft, nSamples } = config;
    this.config = { featureSize, samplingRate, hopLength, nFft, nSamples };
    this.frames = nSamples / hopLength;
    // Periodic Hann: one period of the cosine over nFft samples, not nFft - 1.
    this.#hann = Float64Array.from(
      { length: nFft },
      (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / nFft),
    );
    this.#filters = slaneyMelFilters(featureSize, nFft, samplingRate);
    this.#fft = new RealFft(nFft);
  }

  /**
   * @param samples mono audio at `samplingRate`, about [-1, 1], any length; padded with zeros or
   *   cut to `nSamples`
   * @returns features `[featureSize, frames]`, row-major; their spread is at most 2 (8 / 4)
   */
  extract(samples: Float32Array): Float32Array {
    const { featureSize, hopLength, nFft, nSamples } = this.config;
    const frames = this.frames;
    const hann = this.#hann;
    const padded = reflectPadded(samples, nSamples, nFft / 2);
    const logs = new Float64Array(featureSize * frames).fill(FLOOR_LOG10);
    const power = new Float64Array(nFft / 2 + 1);
    const frame = new Float64Array(nFft);
    // Frames that see only zeros keep the floor, which is what the transform would give.
    const soundEnd = lastNonZero(padded) + 1;
    let maximum = FLOOR_LOG10;
    for (let t = 0; t < frames && t * hopLength < soundEnd; t++) {
      const start = t * hopLength;
      for (let i = 0; i < nFft; i++) {
        frame[i] = (padded[start + i] as number) * (hann[i] as number);
      }
      this.#fft.powerSpectrum(frame, power);
      for (let band = 0; band < featureSize; band++) {
        const energy = bandEnergy(this.#filters[band] as MelFilter, power);
        const value = energy > FLOOR ? Math.log10(energy) : FLOOR_LOG10;
        logs[band * frames + t] = value;
        if (value > maximum) maximum = value;
      }
    }
    const lowest = maximum - DYNAMIC_RANGE;
    const features = new Float32Array(logs.length);
    for (let i = 0; i < logs.length; i++) {
      features[i] = (Math.max(logs[i] as number, lowest) + 4) / 4;
    }
    return features;
  }
}

/** `samples` cut or zero-padded to `length`, with `margin` samples mirrored at each end. */
function reflectPadded(samples: Float32Array, length: number, margin: number): Float32Array {
  const padded = new Float32Array(length + 2 * margin);
  padded.set(samples.subarray(0, length), margin);
  const last = margin + length - 1;
  for (let i = 1; i <= margin; i++) {
    padded[margin - i] = padded[margin + i] as number;
    padded[last + i] = padded[last - i] as number;
  }
  return padded;
}

/** Index of the last sample that is not zero, or -1. */
function lastNonZero(samples: Float32Array): number {
  let i = samples.length - 1;
  while (i >= 0 && samples[i] === 0) i--;
  return i;
}

function bandEnergy(filter: MelFilter, power: Float64Array): number {
  const { firstBin, weights } = filter;
  let energy = 0;
  for (let i = 0; i < weights.length; i++) {
    energy += (weights[i] as number) * (power[firstBin + i] as number);
  }
  return energy;
}

function checkConfig(config: LogMelConfig): void {
  const { featureSize, samplingRate, hopLength, nFft, nSamples } = config;
  for (const [name, value] of Object.entries(config)) {
    if (!Number.isSafeInteger(value) || value <= 0) {
      reject(name, value, 'It must be a whole number above 0.');
    }
  }
  if (samplingRate !== 16_000) {
    reject('samplingRate', samplingRate, 'Only 16000 Hz is supported, as in all Whisper models.');
  }
  if (nFft % 2 !== 0) reject('nFft', nFft, 'It must be even.');
  if (featureSize > nFft / 2) {
    reject('featureSize', featureSize, `It can be at most ${nFft / 2} with nFft ${nFft}.`);
  }
  if (nSamples % hopLength !== 0) {
    reject('nSamples', nSamples, `It must be a multiple of hopLength (${hopLength}).`);
  }
  if (nSamples <= nFft / 2)
    reject('nSamples', nSamples, `It must be above nFft / 2 (${nFft / 2}).`);
}

function reject(name: string, value: unknown, advice: string): never {
  throw new VeerError(
    'OPTION_INVALID',
    `The audio setting ${name} is ${String(value)}. ${advice} Check preprocessor_config.json of the model.`,
  );
}
