/** One reader per kind of source. */

import { assertNever, VeerError } from '../../contract/errors.ts';
import { readCtranslate2Source } from './ctranslate2-source.ts';
import { readGgmlSource } from './ggml-source.ts';
import { readHuggingFaceSource } from './hugging-face-source.ts';
import { readMarianSource } from './marian-source.ts';
import type { RecognisedSource } from './recognise-source.ts';
import type { SourceModel } from './source-model.ts';

/** @throws VeerError as the readers */
export function readSource(source: RecognisedSource): Promise<SourceModel> {
  switch (source.format) {
    case 'safetensors':
      return readHuggingFaceSource(source);
    case 'ctranslate2':
    case 'argos':
      return readCtranslate2Source(source);
    case 'ggml':
      return readGgmlSource(source);
    case 'marian':
      return readMarianSource(source);
    case 'onnx':
      throw new VeerError('INTERNAL', 'A folder with graphs is kept as it is.');
    default:
      return assertNever(source.format);
  }
}
