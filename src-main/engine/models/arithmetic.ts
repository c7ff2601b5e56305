/** What the number format of a model means for its rows. */

import type { Dtype } from '../../contract/devices.ts';
import { decoderDtype, encoderDtype } from '../../contract/dtype-pairs.ts';
import type { ModelFolder } from './model-folder.ts';

type Graphs = Pick<ModelFolder, 'dtype' | 'decoder'>;

/** Whether all arithmetic is in float32: float16 in Veer's own graphs is a way to store weights. */
export function computesInFloat32(graphs: Graphs): boolean {
  return isAmong(graphs, graphs.decoder.kind === 'own' ? ['fp32', 'fp16'] : ['fp32']);
}

/**
 * Whether a row gets what it gets alone, whatever else is in its batch. In int8 only Veer's own graphs
 * keep rows apart; in 4 bits activations are rounded in blocks, and nothing is proven.
 */
export function rowsStandAlone(graphs: Graphs): boolean {
  return isAmong(graphs, graphs.decoder.kind === 'own' ? ['fp32', 'fp16', 'int8'] : ['fp32']);
}

function isAmong({ dtype }: Graphs, dtypes: readonly Dtype[]): boolean {
  return dtypes.includes(encoderDtype(dtype)) && dtypes.includes(decoderDtype(dtype));
}
