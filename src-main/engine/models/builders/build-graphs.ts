/**
 * From a weight table to the graphs of a model folder: the one place that knows which architecture has
 * which builder. Nothing of a source's file format reaches this far.
 */

import { VeerError } from '../../../contract/errors.ts';
import type { MadeDtype } from '../../../contract/model-import.ts';
import { FAMILY_TASKS } from '../../../contract/model-layout.ts';
import type { MatrixFormat } from '../../onnx/layers/matrix.ts';
import { BlocksOfFourBits } from '../../onnx/quantise/blocks-of-four-bits.ts';
import { FloatFormat } from '../../onnx/quantise/float-format.ts';
import { RowWiseInt8 } from '../../onnx/quantise/row-wise-int8.ts';
import type { WeightTable } from '../../weights/weight-table.ts';
import { bartGraphs } from './bart.ts';
import { Checkpoint } from './checkpoint.ts';
import { bytesOf, type GraphSet, writeGraphs } from './graph-files.ts';
import { graphNames, type Plan } from './plan.ts';
import { t5Graphs } from './t5.ts';
import { whisperGraphs } from './whisper.ts';

type Config = Readonly<Record<string, unknown>>;

export interface BuildRequest {
  /** The fields of a Hugging Face config.json, `model_type` among them. */
  readonly config: Config;
  readonly weights: WeightTable;
  /** Folder of the graphs (`onnx` of the model); it is there. */
  readonly directory: string;
  readonly dtype: MadeDtype;
  readonly signal: AbortSignal;
  /** Bytes written of all that will be. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Builders by `model_type`. */
const BUILDERS: Readonly<Record<string, (plan: Plan, config: Config) => readonly GraphSet[]>> = {
  whisper: whisperGraphs,
  marian: bartGraphs,
  bart: bartGraphs,
  mbart: bartGraphs,
  m2m_100: bartGraphs,
  t5: t5Graphs,
  mt5: t5Graphs,
};

/**
 * Writes the graphs of one dtype. Of the weights one tensor at a time is in memory.
 *
 * @throws VeerError MODEL_FAMILY_UNSUPPORTED, MODEL_CONFIG_INVALID, MODEL_FILE_DAMAGED, CANCELLED
 */
export async function buildGraphs(request: BuildRequest): Promise<void> {
  const { config, weights, directory, dtype, signal, onProgress } = request;
  const sets = plannedGraphs(config, weights, dtype);
  const total = sets.reduce((sum, set) => sum + bytesOf(set), 0);
  let done = 0;
  const onBytes = (bytes: number) => {
    done += bytes;
    onProgress(done, total);
  };
  for (const set of sets) await writeGraphs(set, { directory, signal, onBytes });
}

/** Bytes that `buildGraphs` writes. @throws VeerError as it does, but for reading the weights */
export function builtBytes(config: Config, weights: WeightTable, dtype: MadeDtype): number {
  return plannedGraphs(config, weights, dtype).reduce((sum, set) => sum + bytesOf(set), 0);
}

function plannedGraphs(
  config: Config,
  weights: WeightTable,
  dtype: MadeDtype,
): readonly GraphSet[] {
  const type = String(config['model_type']);
  const builder = BUILDERS[type];
  if (builder === undefined) {
    const isKnown = Object.hasOwn(FAMILY_TASKS, type);
    throw new VeerError(
      'MODEL_FAMILY_UNSUPPORTED',
      isKnown
        ? `Veer cannot make graphs of a "${type}" model yet. Import a folder that has them (onnx/encoder_model.onnx).`
        : `Veer cannot make graphs of a "${type}" model. It can of: ${Object.keys(BUILDERS).join(', ')}.`,
    );
  }
  if (config['decoder_cell'] === 'ssru') {
    throw new VeerError(
      'MODEL_FAMILY_UNSUPPORTED',
      'The decoder of this Marian model is of simple recurrent units (SSRU), as those of Firefox are. Veer cannot make graphs of it; take a model whose decoder has self-attention, such as one of OPUS-MT.',
    );
  }
  const checkpoint = new Checkpoint(weights);
  const sets = builder({ checkpoint, format: formatOf(dtype), names: graphNames(dtype) }, config);
  checkpoint.requireAllTaken();
  return sets;
}

function formatOf(dtype: MadeDtype): MatrixFormat {
  switch (dtype) {
    case 'fp32':
      return new FloatFormat('float32');
    case 'fp16':
      return new FloatFormat('float16');
    case 'int8':
      return new RowWiseInt8();
    case 'q4':
      return new BlocksOfFourBits();
  }
}
