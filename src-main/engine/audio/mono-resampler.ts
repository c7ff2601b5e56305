/**
 * Turns decoded frames of any rate, layout and sample format into mono float samples at one rate,
 * with FFmpeg's resampler.
 */

import type { AVSampleFormat } from 'node-av/constants';
import { AV_CHANNEL_ORDER_NATIVE, AV_SAMPLE_FMT_FLT } from 'node-av/constants';
import { FFmpegError, type Frame, SoftwareResampleContext } from 'node-av/lib';

const FRONT_CENTRE = { nbChannels: 1, order: AV_CHANNEL_ORDER_NATIVE, mask: 4n } as const;
/** The largest layout for which FFmpeg has a standard downmix. */
const STANDARD_CHANNELS = 8;

/** Hz. Other rates come from damaged headers; FFmpeg would take seconds and gigabytes for them. */
const LOWEST_RATE = 1000;
const HIGHEST_RATE = 1_000_000;

export class MonoResampler implements Disposable {
  readonly #rate: number;
  #context: SoftwareResampleContext | null = null;
  #inputKey = '';

  /** @param samplingRate output rate in Hz */
  constructor(samplingRate: number) {
    this.#rate = samplingRate;
  }

  /** Output samples that are still inside the resampler. */
  get pending(): number {
    return this.#context === null ? 0 : Number(this.#context.getDelay(BigInt(this.#rate)));
  }

  /** Whether the frame's rate is one that sound can have. */
  static accepts(frame: Frame): boolean {
    return frame.sampleRate >= LOWEST_RATE && frame.sampleRate <= HIGHEST_RATE;
  }

  /**
   * The output for one frame; the last few samples stay inside until `flush`.
   * @throws FFmpegError when the frame cannot be converted
   */
  convert(frame: Frame): Float32Array {
    const { nbChannels, mask } = frame.channelLayout;
    const key = `${frame.sampleRate} ${frame.format} ${nbChannels} ${mask}`;
    if (key === this.#inputKey && this.#context !== null) return run(this.#context, frame);
    // Rate or layout can change in mid-file (joined recordings): finish the old one first.
    const rest = this.flush();
    const context = this.#open(frame);
    this.#context = context;
    this.#inputKey = key;
    const fresh = run(context, frame);
    if (rest.length === 0) return fresh;
    const joined = new Float32Array(rest.length + fresh.length);
    joined.set(rest);
    joined.set(fresh, rest.length);
    return joined;
  }

  /** Everything that is still inside; the next frame starts afresh. */
  flush(): Float32Array {
    if (this.#context === null) return new Float32Array(0);
    const rest = run(this.#context, null);
    this[Symbol.dispose]();
    return rest;
  }

  [Symbol.dispose](): void {
    this.#context?.free();
    this.#context = null;
    this.#inputKey = '';
  }

  #open(frame: Frame): SoftwareResampleContext {
    const context = new SoftwareResampleContext();
    const { channelLayout, sampleRate } = frame;
    const { nbChannels } = channelLayout;
    const format = frame.format as AVSampleFormat;
    FFmpegError.throwIfError(
      context.allocSetOpts2(
        FRONT_CENTRE,
        AV_SAMPLE_FMT_FLT,
        this.#rate,
        channelLayout,
        format,
        sampleRate,
      ),
      'resampler options',
    );
    // Without this, float input is downmixed at full gain per channel and leaves [-1, 1].
    context.setOption('rematrix_maxval', '1');
    if (nbChannels > STANDARD_CHANNELS) {
      context.setMatrix(new Array<number>(nbChannels).fill(1 / nbChannels), nbChannels);
    }
    FFmpegError.throwIfError(context.init(), 'resampler');
    return context;
  }
}

function run(context: SoftwareResampleContext, frame: Frame | null): Float32Array {
  const inputCount = frame?.nbSamples ?? 0;
  // The count FFmpeg gives is an upper bound, but for a flush it leaves the filter's tail out.
  const capacity = Math.max(0, context.getOutSamples(inputCount)) + 256;
  const output = new Float32Array(capacity);
  const input = frame === null ? null : (frame.extendedData ?? frame.data);
  const count = context.convertSync([Buffer.from(output.buffer)], capacity, input, inputCount);
  FFmpegError.throwIfError(count, 'resampling');
  const samples = output.subarray(0, count);
  // Damaged float files hold NaN and infinities, which would spread over a whole window.
  for (let i = 0; i < samples.length; i++) if (!Number.isFinite(samples[i])) samples[i] = 0;
  return samples;
}
