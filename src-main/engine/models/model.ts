/**
 * What the pipelines need of a frozen encoder–decoder model, whatever its family. Shapes: B rows
 * (encoder inputs), T encoder positions, D hidden size.
 */

import type { DeviceUse, ModelIdentity } from '../../contract/result.ts';
import type { Search } from '../../contract/search.ts';
import type { RowOutput } from '../decoding/hypothesis.ts';
import type { GivenOutput } from '../decoding/judge-outputs.ts';
import type { SearchOptions } from '../decoding/search-options.ts';
import type { Tensor } from '../onnx/tensor.ts';

/** Encoder output of a batch. */
export interface Encoded {
  /** float32 [B, T, D] on the CPU. */
  readonly hiddenStates: Tensor;
  /** int64 [B, T]: 1 where a position stands for real input, 0 at padding. */
  readonly validMask: Tensor;
}

export interface DecodeOptions {
  readonly signal: AbortSignal;
  readonly onStep: SearchOptions['onStep'];
  /** Left out or null: greedy. */
  readonly search?: Search | null;
  /** Greedy: a likely text of each row, without prompt and end token. It can only save time. */
  readonly drafts?: readonly (readonly number[])[];
  /**
   * Outputs of the rows that are known: nothing is looked for, and they come back with the
   * log-probabilities that the decoder gives them.
   */
  readonly given?: readonly GivenOutput[];
  /** Sampling: names the random stream of each row; left out, the row's number does. */
  readonly streamNames?: readonly string[];
}

/** @typeParam Input what one row is made of: samples of a window, or a sentence */
export interface Model<Input> {
  readonly identity: ModelIdentity;
  readonly device: DeviceUse;
  /** D */
  readonly hiddenSize: number;
  /**
   * Whether the decoder sees positions beyond the real ones. Then they are part of what an encoder
   * output means; otherwise only the real ones are.
   */
  readonly decodesPadding: boolean;
  /** BCP 47 tag of what it writes for the language asked, where known. */
  readonly language: string | null;
  /** BCP 47 tag of what it reads or hears, where known. */
  readonly sourceLanguage: string | null;
  /** Model inputs of a batch (features or token ids), made on the CPU. */
  prepare(inputs: readonly Input[]): PreparedBatch;
  encode(batch: PreparedBatch): Promise<Encoded>;
  /**
   * Decodes every row of `encoded` with the model's own generation settings, where the search does
   * not say otherwise.
   * @throws VeerError CANCELLED
   */
  decode(encoded: Encoded, options: DecodeOptions): Promise<readonly RowOutput[]>;
  /** Whether a row gets what it gets alone, whatever else is in its batch. */
  readonly rowsStandAlone: boolean;
  /**
   * Whether a draft of a row saves time. It does where each step reads long caches of the
   * cross-attention, which a draft reads once (docs/decisions/016-speed.md). Only where rows and
   * positions of one run do not influence each other beyond rounding, since equal encoder outputs must
   * give equal texts: in float32 on the CPU. Left out: it does not.
   */
  readonly readsDrafts?: boolean;
  /** Text of generated ids. */
  text(tokenIds: readonly number[]): string;
  dispose(): Promise<void>;
}

/** What decodes: a model, or what is asked of it for one recording. */
export type TextDecoder<Input> = Pick<Model<Input>, 'decode' | 'text' | 'readsDrafts'>;

/** Hears: one row is a window of samples. */
export interface SpeechModel extends Model<Float32Array> {
  readonly task: 'transcribe';
  /** Longest window in samples. */
  readonly windowSamples: number;
  /** Windows of a batch; left out: as many as usual. */
  readonly windowsAtOnce?: number;
  /** Hz. */
  readonly samplingRate: number;
}

/** Reads: one row is a sentence. */
export interface TextModel extends Model<string> {
  readonly task: 'translate';
}

export type LoadedModel = SpeechModel | TextModel;

/** Inputs of the encoder graph for a batch. */
export interface PreparedBatch {
  readonly feeds: Readonly<Record<string, Tensor>>;
  /** As in `Encoded`. */
  readonly validMask: Tensor;
}
