/** What every builder is given. */

import { posix } from 'node:path';
import type { z } from 'zod';
import { VeerError } from '../../../contract/errors.ts';
import type { MadeDtype } from '../../../contract/model-import.ts';
import { graphFiles } from '../../../contract/model-layout.ts';
import type { MatrixFormat } from '../../onnx/layers/matrix.ts';
import type { Checkpoint } from './checkpoint.ts';

/** File names of the graphs. */
export interface GraphNames {
  readonly encoder: string;
  readonly cross: string;
  readonly step: string;
  /** Where tokens look, for times of words; its values are those of `step`. */
  readonly alignment: string;
}

export interface Plan {
  readonly checkpoint: Checkpoint;
  readonly format: MatrixFormat;
  readonly names: GraphNames;
}

export function graphNames(dtype: MadeDtype): GraphNames {
  const { encoder, ownDecoder, alignment } = graphFiles(dtype);
  const [cross, step] = ownDecoder;
  const name = posix.basename;
  return {
    encoder: name(encoder),
    cross: name(cross),
    step: name(step),
    alignment: name(alignment),
  };
}

/** @throws VeerError MODEL_CONFIG_INVALID naming the field */
export function fieldsOf<T extends z.ZodType>(config: object, schema: T): z.infer<T> {
  const parsed = schema.safeParse(config);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new VeerError(
    'MODEL_CONFIG_INVALID',
    `config.json does not describe the model: ${issue?.path.join('.')}: ${issue?.message}.`,
  );
}
