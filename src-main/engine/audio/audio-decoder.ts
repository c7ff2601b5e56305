/** Packets of one sound track to mono chunks, with holes in the time stamps filled by silence. */

import { AV_NOPTS_VALUE, AVERROR_EOF } from 'node-av/constants';
import { CodecContext, FFmpegError, Frame, Packet } from 'node-av/lib';
import { ChunkBuffer } from './chunk-buffer.ts';
import { inSeconds, type MediaInput } from './media-input.ts';
import { MonoResampler } from './mono-resampler.ts';

/** Seconds. Smaller holes are jitter of recorders and rounding of time stamps. */
const SMALLEST_HOLE = 0.2;
/** Seconds. A longer jump than this, or than the file, is a broken clock and no hole. */
const LONGEST_HOLE = 600;
/** Seconds that the clock may fall back (jitter) before it is taken for a new start. */
const TOLERATED_SETBACK = 1;

export class AudioDecoder implements Disposable {
  readonly #input: MediaInput;
  readonly #rate: number;
  readonly #codec = new CodecContext();
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  readonly #resampler: MonoResampler;
  readonly #chunks: ChunkBuffer;
  /** Seconds to add to time stamps so that they go on where the sound so far ended. */
  #clockShift = 0;
  #leadingSilence = 0;
  #lastPacketEnd = 0;
  #ended = false;
  #hasSound = false;
  #readError: number | null = null;
  #damagedPackets = 0;

  /**
   * @param samplingRate Hz of the output
   * @param chunkSamples samples per chunk
   * @throws FFmpegError when the decoder refuses the track
   */
  constructor(input: MediaInput, samplingRate: number, chunkSamples: number) {
    this.#input = input;
    this.#rate = samplingRate;
    this.#resampler = new MonoResampler(samplingRate);
    this.#chunks = new ChunkBuffer(chunkSamples);
    this.#packet.alloc();
    this.#frame.alloc();
    this.#codec.allocContext3(input.decoder);
    this.#codec.parametersToContext(input.stream.codecpar);
    // Needed to drop the encoder delay that mp3, m4a and opus declare.
    this.#codec.pktTimebase = input.stream.timeBase;
    try {
      FFmpegError.throwIfError(this.#codec.open2Sync(input.decoder, null), 'opening the decoder');
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** True once every chunk but the rest has been taken. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Whether any sound was decoded, be it digital silence. */
  get hasSound(): boolean {
    return this.#hasSound;
  }

  /** Seconds so far, holes included, without the silence before the first sample. */
  get decodedSeconds(): number {
    return (this.#chunks.total - this.#leadingSilence) / this.#rate;
  }

  /** Seconds from the start of the file that packets of any track reached. */
  get reachedSeconds(): number {
    return this.#lastPacketEnd;
  }

  /** FFmpeg's status when reading ended otherwise than at the end of the file; else null. */
  get readError(): number | null {
    return this.#readError;
  }

  /** Packets that could not be decoded. A few occur in healthy files. */
  get damagedPackets(): number {
    return this.#damagedPackets;
  }

  /** Works until a chunk is ready, the file ends or `packets` packets were read. */
  run(packets: number): void {
    for (let i = 0; i < packets && !this.#ended && !this.#chunks.hasChunk; i++) this.#step();
  }

  /** The full chunks that are ready. */
  take(): Generator<Float32Array, void, undefined> {
    return this.#chunks.take();
  }

  /** What is left after the end, shorter than a chunk; null for nothing. */
  takeRest(): Float32Array | null {
    return this.#chunks.takeRest();
  }

  [Symbol.dispose](): void {
    this.#resampler[Symbol.dispose]();
    this.#frame.free();
    this.#packet.free();
    this.#codec.freeContext();
  }

  #step(): void {
    const { context, stream } = this.#input;
    const status = context.readFrameSync(this.#packet);
    if (status < 0) {
      if (status !== AVERROR_EOF) this.#readError = status;
      this.#codec.sendPacketSync(null);
      this.#receive();
      this.#chunks.push(this.#resampler.flush());
      this.#ended = true;
      return;
    }
    this.#noteEnd();
    if (this.#packet.streamIndex === stream.index) {
      if (this.#codec.sendPacketSync(this.#packet) < 0) this.#damagedPackets++;
      this.#receive();
    }
    this.#packet.unref();
  }

  #noteEnd(): void {
    const { pts, duration, streamIndex } = this.#packet;
    if (this.#input.expected?.of !== 'file' || pts === AV_NOPTS_VALUE) return;
    const stream = this.#input.context.streams[streamIndex];
    if (stream === undefined) return;
    const end = inSeconds(pts + duration, { stream });
    if (end !== null) this.#lastPacketEnd = Math.max(this.#lastPacketEnd, end - this.#input.start);
  }

  #receive(): void {
    while (this.#codec.receiveFrameSync(this.#frame) >= 0) {
      this.#takeFrame();
      this.#frame.unref();
    }
  }

  #takeFrame(): void {
    if (!MonoResampler.accepts(this.#frame)) {
      this.#damagedPackets++;
      return;
    }
    try {
      this.#fillHole();
      this.#chunks.push(this.#resampler.convert(this.#frame));
      this.#hasSound = true;
    } catch (error) {
      // A frame with an impossible layout is as good as none.
      if (!(error instanceof FFmpegError)) throw error;
      this.#damagedPackets++;
    }
  }

  #fillHole(): void {
    const { stream, start, expected } = this.#input;
    const stamp = inSeconds(this.#frame.bestEffortTimestamp, { stream });
    if (stamp === null) return;
    const position = (this.#chunks.total + this.#resampler.pending) / this.#rate;
    const hole = stamp - start + this.#clockShift - position;
    if (hole < -TOLERATED_SETBACK || hole > Math.max(LONGEST_HOLE, expected?.seconds ?? 0)) {
      this.#clockShift -= hole;
    } else if (hole > SMALLEST_HOLE) {
      const first = this.#chunks.total === 0;
      this.#chunks.push(this.#resampler.flush());
      const silence = Math.round((position + hole) * this.#rate) - this.#chunks.total;
      this.#chunks.pushSilence(silence);
      if (first) this.#leadingSilence = silence;
    }
  }
}
