/** A folder that has graphs already: what Veer reads of it, copied; nothing is converted. */

import { join } from 'node:path';
import type { Dtype } from '../../contract/devices.ts';
import { VeerError } from '../../contract/errors.ts';
import {
  availableDtypes,
  CONFIG_FILE,
  decoderGraphs,
  externalData,
  findGraphs,
  GENERATION_CONFIG_FILE,
  PREPROCESSOR_CONFIG_FILE,
  PROCESSOR_CONFIG_FILE,
  PROXIES_DIRECTORY,
  TOKENIZER_CONFIG_FILE,
  TOKENIZER_FILE,
} from '../../contract/model-layout.ts';
import type { RecognisedSource } from './recognise-source.ts';
import { carriedFiles } from './source-model.ts';

const READ: readonly string[] = [
  CONFIG_FILE,
  GENERATION_CONFIG_FILE,
  PREPROCESSOR_CONFIG_FILE,
  PROCESSOR_CONFIG_FILE,
  TOKENIZER_FILE,
  TOKENIZER_CONFIG_FILE,
];

export interface KeptGraphs {
  readonly dtypes: readonly Dtype[];
  /** Graphs, and what lies beside them. */
  readonly graphs: readonly string[];
  /** Everything that is to be copied, the graphs too; paths within the folder. */
  readonly files: readonly string[];
}

/**
 * @param asked null: all that are there
 * @param isSure false where nobody could know which are there: what is not there is left out, and where nothing
 *   is left all are taken
 * @throws VeerError DTYPE_UNAVAILABLE
 */
export function keptGraphs(
  { directory, files }: RecognisedSource,
  asked: readonly Dtype[] | null,
  isSure = true,
): KeptGraphs {
  const names = new Set(files.keys());
  const available = availableDtypes(names);
  const missing = asked?.find((dtype) => !available.includes(dtype));
  const there = asked?.filter((dtype) => available.includes(dtype)) ?? [];
  const wanted = there.length === 0 ? null : there;
  if (missing !== undefined && isSure) {
    throw new VeerError(
      'DTYPE_UNAVAILABLE',
      `The folder has no ${missing} graphs. It has: ${available.join(', ')}. Veer makes other dtypes only of weights (safetensors).`,
    );
  }
  const graphs = (wanted ?? available).flatMap((dtype) => {
    const found = findGraphs(names, dtype);
    if (found === null) return [];
    const all = [found.encoder, ...decoderGraphs(found.decoder)];
    return all.flatMap((graph) => [graph, ...externalData(names, graph)]);
  });
  const carried = new Set(carriedFiles(directory, names));
  const others = [...names].filter(
    (name) =>
      READ.includes(name) ||
      carried.has(join(directory, name)) ||
      name.startsWith(`${PROXIES_DIRECTORY}/`),
  );
  return {
    dtypes: (wanted ?? available).filter((dtype) => isSingle(dtype)),
    graphs: [...new Set(graphs)],
    files: [...new Set([...others, ...graphs])],
  };
}

function isSingle(dtype: string): dtype is Dtype {
  return !dtype.includes('+');
}
