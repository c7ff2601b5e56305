/** What is said of a folder that lacks what a model needs: what was looked for, what is there, what to do. */

import { VeerError } from '../contract/errors.ts';
import { CONFIG_FILE, missingGraph, TOKENIZER_FILE } from '../contract/model-layout.ts';

/** Names of files that hold weights which an import can read. */
const IMPORTABLE =
  /^(?:.+\.safetensors|.+\.safetensors\.index\.json|model\.bin|ggml-.+\.bin|.+\.gguf|.+\.npz|.+\.argosmodel|model\..+\.intgemm.*\.bin)$/;
/** Weights in Python's own format, which can run code. */
const PICKLED = /^(?:pytorch_model.*\.bin(?:\.index\.json)?|.+\.(?:pt|pth|ckpt|nemo))$/;
/** What a tokenizer is made of where tokenizer.json is not there. */
const VOCABULARY = /^(?:vocab\.json|vocabulary\.(?:json|txt)|.+\.spm|.+\.model)$/;

/** @param files in the folder, with `/` */
export function graphsMissing(directory: string, files: ReadonlySet<string>): VeerError {
  const wanted = missingGraph(files);
  const graphs = [...files].filter((file) => /^(?:onnx\/)?[^/]+\.onnx$/.test(file));
  if (graphs.length === 0) {
    const other = otherWeights(directory, `no ONNX graphs (${wanted} and its decoder)`, files);
    if (other !== null) return other;
  }
  const there = graphs.length > 0 ? ` Graphs that it has: ${graphs.join(', ')}.` : '';
  return new VeerError(
    'MODEL_FILE_MISSING',
    `The model folder ${directory} has no ${wanted}.${there} Copy that file too, or make the graphs with: optimum-cli export onnx --model ${directory} OUT`,
  );
}

/** @param files in the folder, with `/` */
export function configMissing(directory: string, files: ReadonlySet<string>): VeerError {
  return (
    otherWeights(directory, `no ${CONFIG_FILE}`, files) ??
    new VeerError(
      'MODEL_FILE_MISSING',
      `The folder ${directory} has no ${CONFIG_FILE}, so it is no model. Name the folder in which that file lies. Copy the file from the model's own repository if it was left out.`,
    )
  );
}

/** @param files in the folder, with `/` */
export function tokenizerMissing(directory: string, files: ReadonlySet<string>): VeerError {
  const vocabulary = [...files].find((file) => VOCABULARY.test(file));
  return new VeerError(
    'MODEL_FILE_MISSING',
    vocabulary === undefined
      ? `The model folder ${directory} has no ${TOKENIZER_FILE}. Copy it from the model's own repository.`
      : `The model folder ${directory} has no ${TOKENIZER_FILE}, but ${vocabulary}. To have one made: veer models import ${directory}`,
  );
}

function otherWeights(
  directory: string,
  lacking: string,
  files: ReadonlySet<string>,
): VeerError | null {
  const importable = [...files].find((file) => IMPORTABLE.test(file));
  if (importable !== undefined) {
    return new VeerError(
      'MODEL_FILE_MISSING',
      `The folder ${directory} has ${lacking}, but ${importable}. To make a model of it: veer models import ${directory}`,
    );
  }
  const pickled = [...files].find((file) => PICKLED.test(file));
  if (pickled === undefined) return null;
  return new VeerError(
    'MODEL_FORMAT_UNSUPPORTED',
    `The folder ${directory} has ${lacking}, and its weights are in ${pickled}, a format that can run code and is not opened. Save the model as safetensors (save_pretrained of the Python library does), then: veer models import FOLDER`,
  );
}
