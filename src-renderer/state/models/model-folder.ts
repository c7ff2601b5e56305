/**
 * What of a chosen folder a model needs. Repositories hold a model several times over, for other
 * programs; nothing of that is sent. Whether the rest is a model is for the application to say.
 */

import type { Dtype, Weights } from '../../../src-main/contract/devices.ts';
import { weightsOf } from '../../../src-main/contract/dtype-pairs.ts';

/** A file of the folder; the path is within it, with `/` between names. */
export interface FolderFile {
  readonly path: string;
  readonly bytes: number;
}

interface FolderDtype<F> {
  readonly dtype: Weights;
  readonly bytes: number;
  /** Encoder and decoder, with what lies beside them. */
  readonly files: readonly F[];
}

export interface ModelFolder<F> {
  /** Of which both graphs are there; pairs of encoder and decoder only where no dtype has both. */
  readonly dtypes: readonly FolderDtype<F>[];
  /** Whatever the dtype. */
  readonly shared: readonly F[];
  readonly leftOut: readonly F[];
  /** What no model can do without; for a name of a file, or of one of several. */
  readonly missing: readonly string[];
  /** Graphs are made of weights; `dtypes` are those that can be, their sizes not known yet. */
  readonly isMade: boolean;
  /** Weights that are never opened, where there are no others; Python's own format can run code. */
  readonly refused: { readonly kind: 'pickle' | 'gguf'; readonly path: string } | null;
}

/** Dtypes that graphs are made in, and those that are made where nobody chooses, as in the contract. */
export const MADE: readonly Dtype[] = ['int8', 'fp16', 'fp32', 'q4'];
export const USUAL: readonly Dtype[] = ['int8', 'fp16'];

/** Weights that graphs can be made of, and archives; of several kinds in a folder the first is taken. */
const WEIGHTS = [
  /^[^/]+\.safetensors(\.index\.json)?$/,
  /^(model\/)?model\.bin$/,
  /^[^/]+\.npz$/,
  /^(?!pytorch_model|optimizer|training_args|scheduler|lex\.)[^/]+\.bin$/,
  /^[^/]+\.(zip|argosmodel)$/i,
] as const;
const PICKLED = /^(pytorch_model.*\.bin|.+\.(pt|pth|ckpt|nemo))$/;

/** As in the contract's model-layout.ts, which is not for pages. */
const SUFFIXES: Readonly<Record<Dtype, string>> = {
  fp32: '',
  fp16: '_fp16',
  int8: '_int8',
  uint8: '_uint8',
  quantized: '_quantized',
  q4: '_q4',
  q4f16: '_q4f16',
  bnb4: '_bnb4',
};
/** In `onnx/`, or beside config.json. */
const PLACES = ['onnx/', ''] as const;
const ENCODER = ['encoder_model'] as const;
/** Of several decoders the first is taken. */
const DECODERS = [
  ['decoder_cross', 'decoder_step'],
  ['decoder_model_merged'],
  ['decoder_model', 'decoder_with_past_model'],
] as const;
/** What other configs would say can be made up. */
const REQUIRED = ['config.json', 'tokenizer.json'];
const WANTED_GRAPHS = ['onnx/encoder_model.onnx', 'onnx/decoder_model_merged.onnx'];
/** Weights of other programs, and pictures of a model's page. */
const FOREIGN =
  /\.(safetensors|bin|msgpack|h5|pt|pth|ckpt|tflite|gguf|ot|png|jpe?g|gif|svg|webp)$/i;

export function readFolder<F extends FolderFile>(files: readonly F[]): ModelFolder<F> {
  const dtypes = dtypesOf(files);
  const shared = files.filter(({ path, bytes }) => bytes > 0 && isShared(path));
  if (dtypes.length === 0) {
    const made = readWeights(files, shared);
    if (made !== null) return made;
  }
  const used = new Set<F>([...shared, ...dtypes.flatMap((dtype) => dtype.files)]);
  const paths = new Set(shared.map(({ path }) => path));
  const missing = REQUIRED.filter((path) => !paths.has(path));
  return {
    dtypes,
    shared,
    leftOut: files.filter((file) => !used.has(file)),
    isMade: false,
    refused: null,
    missing: dtypes.length > 0 ? missing : [...missing, ...WANTED_GRAPHS],
  };
}

/** Null where there are no weights, or graphs that something is missing of. */
function readWeights<F extends FolderFile>(
  files: readonly F[],
  shared: readonly F[],
): ModelFolder<F> | null {
  if (files.some(({ path }) => path.endsWith('.onnx'))) return null;
  const found = WEIGHTS.map((kind) =>
    files.filter(({ path, bytes }) => bytes > 0 && kind.test(path)),
  );
  const weights = found.find((kind) => kind.length > 0) ?? [];
  const pickled = files.find(({ path }) => PICKLED.test(path));
  const gguf = files.find(({ path }) => path.endsWith('.gguf'));
  const common = { isMade: true, missing: [], refused: null };
  if (weights.length > 0) {
    const taken = new Set<F>([...shared, ...weights]);
    return {
      ...common,
      dtypes: MADE.map((dtype) => ({ dtype, bytes: 0, files: [] })),
      shared: [...taken],
      leftOut: files.filter((file) => !taken.has(file)),
    };
  }
  const foreign = pickled ?? gguf;
  if (foreign === undefined) return null;
  const kind = foreign === pickled ? 'pickle' : 'gguf';
  return {
    ...common,
    dtypes: [],
    shared: [],
    leftOut: files,
    refused: { kind, path: foreign.path },
  };
}

export function sizeOf(files: readonly FolderFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function dtypesOf<F extends FolderFile>(files: readonly F[]): readonly FolderDtype<F>[] {
  const names = Object.keys(SUFFIXES) as Dtype[];
  const of = (encoder: Dtype, decoder: Dtype) => {
    const all = filesOfPair(files, encoder, decoder);
    const dtype = weightsOf(encoder, decoder);
    return all.length === 0 ? [] : [{ dtype, bytes: sizeOf(all), files: all }];
  };
  const single = names.flatMap((dtype) => of(dtype, dtype));
  if (single.length > 0) return single;
  return names.flatMap((encoder) => names.flatMap((decoder) => of(encoder, decoder)));
}

/** None where one is missing. */
function filesOfPair<F extends FolderFile>(
  files: readonly F[],
  encoder: Dtype,
  decoder: Dtype,
): readonly F[] {
  for (const place of PLACES) {
    const first = filesOf(files, place, ENCODER, encoder);
    const second = DECODERS.map((graphs) => filesOf(files, place, graphs, decoder)).find(
      (found) => found.length > 0,
    );
    if (first.length > 0 && second !== undefined) return [...first, ...second];
  }
  return [];
}

function filesOf<F extends FolderFile>(
  files: readonly F[],
  place: (typeof PLACES)[number],
  graphs: readonly string[],
  dtype: Dtype,
): readonly F[] {
  const found = graphs.map((graph) =>
    filesOfGraph(files, `${place}${graph}${SUFFIXES[dtype]}.onnx`),
  );
  return found.some((each) => each.length === 0) ? [] : found.flat();
}

/** The graph first; none where it is not there, whatever else is. */
function filesOfGraph<F extends FolderFile>(files: readonly F[], path: string): readonly F[] {
  const whole = files.filter(({ bytes }) => bytes > 0);
  const itself = whole.filter((file) => file.path === path);
  // Weights of large graphs lie beside them: `….onnx_data`, `….onnx_data_1`.
  return itself.length === 0 ? [] : whole.filter((file) => file.path.startsWith(path));
}

/** All but graphs, files of other programs, and what systems and repositories keep for themselves. */
function isShared(path: string): boolean {
  if (path.split('/').some((name) => name.startsWith('.'))) return false;
  // Graphs beside config.json belong to a dtype; those of proxies lie below.
  const isGraph = path.startsWith('onnx/') || /^[^/]+\.onnx/.test(path);
  return !isGraph && !FOREIGN.test(path);
}

/**
 * A name that the application takes, as near to that of the folder or file as can be;
 * `models--openai--whisper-tiny` is the Hub's for whisper-tiny.
 */
export function modelName(folder: string): string {
  return folder
    .replace(/\.(zip|argosmodel|bin|npz|safetensors)$/i, '')
    .replace(/^models--(?:.+--)?(?=[^-])/, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 100);
}

export function isModelName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name);
}
