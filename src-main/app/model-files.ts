/**
 * The files of a model that comes in, put together as a folder. What is ours (an upload) moves there,
 * which costs nothing; a file of the person's own is copied, or linked to where it is only read.
 */

import { mkdir, open, rename, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { throwIfCancelled, VeerError } from '../contract/errors.ts';
import { naming } from './data-folder.ts';
import type { GrantedFile } from './grants.ts';

export interface ModelFile {
  /** Within the model's folder, with `/` between names. */
  readonly path: string;
  readonly file: GrantedFile;
}

export interface GatherOptions {
  readonly signal: AbortSignal;
  /** Bytes; called at the begin, at the end, and a few times a second between. */
  readonly onProgress: (done: number, total: number) => void;
  /** Files of the person's own are linked to. */
  readonly links?: boolean;
}

/** Whether this is a folder with graphs, or at least nothing that graphs could be made of. */
export function holdsGraphs(files: readonly ModelFile[]): boolean {
  const paths = files.map(({ path }) => path);
  return paths.some((path) => path.endsWith('.onnx')) || !paths.some((path) => WEIGHTS.test(path));
}

/** Names of weights and of archives, those too that are refused by name. */
const WEIGHTS =
  /\.(safetensors|safetensors\.index\.json|bin|npz|zip|argosmodel|gguf|pt|pth|ckpt|nemo)$/i;

/** Bytes that are read at once: a cancel is looked at after each. */
const PIECE = 2 ** 20;
/** Milliseconds between two reports. */
const REPORT_INTERVAL = 100;

/**
 * @param directory of the model, made here; on the same disk as uploads, or they are copied too
 * @throws VeerError FILE_UNREADABLE, DISK_FULL, OUTPUT_NOT_WRITABLE, CANCELLED
 */
export async function gatherModel(
  files: readonly ModelFile[],
  directory: string,
  { signal, onProgress, links = false }: GatherOptions,
): Promise<void> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  let done = 0;
  let reported = performance.now();
  const arrived = (bytes: number) => {
    // A file that grew meanwhile.
    done = Math.min(total, done + bytes);
    if (performance.now() - reported < REPORT_INTERVAL) return;
    reported = performance.now();
    onProgress(done, total);
  };
  onProgress(0, total);
  for (const { path, file } of files) {
    throwIfCancelled(signal);
    const target = join(directory, ...path.split('/'));
    await naming(directory, async () => {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    });
    if (file.ownsFile && (await moves(file.path, target))) arrived(file.size);
    else if (links && (await isLinked(file.path, target))) arrived(file.size);
    else await copy({ path, file }, target, arrived, signal);
  }
  onProgress(total, total);
}

/** False where it stays: another disk, or a file that is gone, which copying then names. */
function moves(from: string, to: string): Promise<boolean> {
  return rename(from, to).then(
    () => true,
    () => false,
  );
}

/** False where it cannot be: some systems let only administrators make links. */
function isLinked(from: string, to: string): Promise<boolean> {
  return symlink(from, to).then(
    () => true,
    () => false,
  );
}

async function copy(
  { path, file }: ModelFile,
  target: string,
  arrived: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const reading = <T>(act: Promise<T>) =>
    act.catch((cause: unknown) => {
      throw new VeerError(
        'FILE_UNREADABLE',
        `${path} cannot be read. Check that it is still there, and import the folder again.`,
        { cause },
      );
    });
  const piece = Buffer.allocUnsafe(PIECE);
  await using source = await reading(open(file.path));
  await using copied = await naming(target, () => open(target, 'wx', 0o600));
  while (true) {
    throwIfCancelled(signal);
    const { bytesRead } = await reading(source.read(piece));
    if (bytesRead === 0) return;
    await naming(target, () => copied.writeFile(piece.subarray(0, bytesRead)));
    arrived(bytesRead);
  }
}
