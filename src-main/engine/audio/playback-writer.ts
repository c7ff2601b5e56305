/**
 * Writes mono samples as Opus in Ogg (RFC 7845), about 32 kbit/s: what the screens play. Pages of a
 * second let a player seek with a few range requests. Memory is one page, whatever the length.
 */

import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_SAMPLE_FMT_FLT,
  AVERROR_EAGAIN,
  AVERROR_ENOSPC,
  AVERROR_EOF,
  FF_ENCODER_LIBOPUS,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  FFmpegError,
  FormatContext,
  Frame,
  Packet,
  Rational,
  type Stream,
} from 'node-av/lib';
import { VeerError } from '../../contract/errors.ts';

/** Hz: what Opus works at. */
export const PLAYBACK_RATE = 48_000;
const BITS_PER_SECOND = 32_000n;
const MONO = { nbChannels: 1, order: AV_CHANNEL_ORDER_NATIVE, mask: 4n } as const;
const BYTES_PER_SAMPLE = 4;

export class PlaybackWriter implements Disposable {
  readonly #context = new FormatContext();
  readonly #codec = new CodecContext();
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  readonly #stream: Stream;
  readonly #rest: Float32Array;
  #filled = 0;
  #written = 0n;
  #disposed = false;

  /**
   * @param path is overwritten
   * @throws VeerError OUTPUT_NOT_WRITABLE, DISK_FULL
   */
  constructor(path: string) {
    this.#packet.alloc();
    this.#frame.alloc();
    try {
      this.#stream = this.#open(path);
      this.#rest = new Float32Array(this.#codec.frameSize);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** @param samples at 48 kHz, about [-1, 1]. @throws VeerError OUTPUT_NOT_WRITABLE, DISK_FULL */
  write(samples: Float32Array): void {
    for (let at = 0; at < samples.length; ) {
      const part = samples.subarray(at, at + this.#rest.length - this.#filled);
      this.#rest.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === this.#rest.length) this.#encodeRest();
    }
  }

  /** Writes what is left, and closes the file. @throws VeerError OUTPUT_NOT_WRITABLE, DISK_FULL */
  finish(): void {
    if (this.#filled > 0) this.#encodeRest();
    this.#encode(null);
    check(this.#context.writeTrailerSync());
    this.#context.closeOutputSync();
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#codec.freeContext();
    this.#frame.free();
    this.#packet.free();
    this.#context.freeContext();
  }

  #open(path: string): Stream {
    // "file:" keeps FFmpeg from reading a protocol into the name.
    check(this.#context.allocOutputContext2(null, 'ogg', `file:${path}`));
    const encoder = Codec.findEncoderByName(FF_ENCODER_LIBOPUS);
    if (encoder === null) throw new VeerError('INTERNAL', 'This FFmpeg cannot write Opus.');
    this.#codec.allocContext3(encoder);
    this.#codec.sampleRate = PLAYBACK_RATE;
    this.#codec.sampleFormat = AV_SAMPLE_FMT_FLT;
    this.#codec.channelLayout = MONO;
    this.#codec.bitRate = BITS_PER_SECOND;
    this.#codec.timeBase = new Rational(1, PLAYBACK_RATE);
    // Not through a Dictionary: both sides would free it, which ends the process.
    check(this.#codec.setOption('vbr', 'constrained'));
    check(this.#codec.open2Sync(encoder, null));
    const stream = this.#context.newStream(encoder);
    stream.timeBase = this.#codec.timeBase;
    check(stream.codecpar.fromContext(this.#codec));
    check(this.#context.openOutputSync());
    // FFmpeg's pages hold a second.
    check(this.#context.writeHeaderSync());
    return stream;
  }

  #encodeRest(): void {
    const frame = this.#frame;
    frame.unref();
    frame.format = AV_SAMPLE_FMT_FLT;
    frame.sampleRate = PLAYBACK_RATE;
    frame.channelLayout = MONO;
    frame.nbSamples = this.#filled;
    check(frame.getBuffer());
    frame.pts = this.#written;
    const bytes = Buffer.from(this.#rest.buffer, 0, this.#filled * BYTES_PER_SAMPLE);
    bytes.copy(frame.data?.[0] ?? Buffer.alloc(0));
    this.#written += BigInt(this.#filled);
    this.#filled = 0;
    this.#encode(frame);
  }

  #encode(frame: Frame | null): void {
    check(this.#codec.sendFrameSync(frame));
    for (;;) {
      const status = this.#codec.receivePacketSync(this.#packet);
      if (status === AVERROR_EAGAIN || status === AVERROR_EOF) return;
      check(status);
      this.#packet.streamIndex = this.#stream.index;
      this.#packet.rescaleTs(this.#codec.timeBase, this.#stream.timeBase);
      check(this.#context.interleavedWriteFrameSync(this.#packet));
      this.#packet.unref();
    }
  }
}

function check(status: number): void {
  if (status >= 0) return;
  const cause = FFmpegError.fromCode(status);
  if (status === AVERROR_ENOSPC) {
    throw new VeerError(
      'DISK_FULL',
      'The disk is full, so no playback copy could be written. Free some space and try again.',
      { cause },
    );
  }
  throw new VeerError(
    'OUTPUT_NOT_WRITABLE',
    `The playback copy could not be written (${cause?.message ?? status}). Check the data folder.`,
    { cause },
  );
}
