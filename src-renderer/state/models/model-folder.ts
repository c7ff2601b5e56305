/**
 * What of a chosen folder a model needs. Repositories hold a model several times over, for other
 * programs; nothing of that is sent. Whether the rest is a model is for the application to say.
 */

import type { Dtype } from '../../../src-main/contract/devices.ts';

/** A file of the folder; the path is within it, with `/` between names. */
export interface FolderFile {
  readonly path: string;
  readonly bytes: number;
}

interface FolderDtype<F> {
  readonly dtype: Dtype;
  readonly bytes: number;
  /** Encoder and decoder, with what lies beside them. */
  readonly files: readonly F[];
}

export interface ModelFolder<F> {
  /** Of which both graphs are there. */
  readonly dtypes: readonly FolderDtype<F>[];
  /** Whatever the dtype. */
  readonly shared: readonly F[];
  readonly leftOut: readonly F[];
  /** What no model can do without; for a name of a file, or of one of several. */
  readonly missing: readonly string[];
}

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
const GRAPHS = ['encoder_model', 'decoder_model_merged'] as const;
const REQUIRED = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
];
/** Weights of other programs, and pictures of a model's page. */
const FOREIGN =
  /\.(safetensors|bin|msgpack|h5|pt|pth|ckpt|tflite|gguf|ot|png|jpe?g|gif|svg|webp)$/i;

export function readFolder<F extends FolderFile>(files: readonly F[]): ModelFolder<F> {
  const dtypes = (Object.keys(SUFFIXES) as Dtype[]).flatMap((dtype) => {
    const graphs = GRAPHS.map((graph) => filesOfGraph(files, graph, dtype));
    if (graphs.some((found) => found.length === 0)) return [];
    const all = graphs.flat();
    return [{ dtype, bytes: sizeOf(all), files: all }];
  });
  const shared = files.filter(({ path, bytes }) => bytes > 0 && isShared(path));
  const used = new Set<F>([...shared, ...dtypes.flatMap((dtype) => dtype.files)]);
  const paths = new Set(shared.map(({ path }) => path));
  const missing = REQUIRED.filter((path) => !paths.has(path));
  return {
    dtypes,
    shared,
    leftOut: files.filter((file) => !used.has(file)),
    missing:
      dtypes.length > 0 ? missing : [...missing, ...GRAPHS.map((name) => `onnx/${name}.onnx`)],
  };
}

export function sizeOf(files: readonly FolderFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** The graph first; none where it is not there, whatever else is. */
function filesOfGraph<F extends FolderFile>(
  files: readonly F[],
  graph: (typeof GRAPHS)[number],
  dtype: Dtype,
): readonly F[] {
  const path = `onnx/${graph}${SUFFIXES[dtype]}.onnx`;
  const whole = files.filter(({ bytes }) => bytes > 0);
  const itself = whole.filter((file) => file.path === path);
  // Weights of large graphs lie beside them: `….onnx_data`, `….onnx_data_1`.
  return itself.length === 0 ? [] : whole.filter((file) => file.path.startsWith(path));
}

/** All but graphs, files of other programs, and what systems and repositories keep for themselves. */
function isShared(path: string): boolean {
  if (path.split('/').some((name) => name.startsWith('.'))) return false;
  return !path.startsWith('onnx/') && !FOREIGN.test(path);
}

/** A name that the application takes, as near to that of the folder as can be. */
export function modelName(folder: string): string {
  return folder
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 100);
}

export function isModelName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name);
}
