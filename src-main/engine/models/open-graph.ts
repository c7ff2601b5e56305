/** Opening a graph file for a model, with an error that names what is wrong with the files. */

import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Device } from '../../contract/devices.ts';
import { causeMessage, VeerError } from '../../contract/errors.ts';
import type { OutputPlace } from '../onnx/create-session.ts';
import { Graph } from '../onnx/graph.ts';

/** @throws VeerError MODEL_FILE_MISSING for weights that should lie beside it, MODEL_FILE_DAMAGED */
export async function openGraph(
  path: string,
  device: Device,
  threads: number | null,
  outputs: OutputPlace,
  exactProducts = false,
): Promise<Graph> {
  try {
    return await Graph.load(path, device, threads, outputs, exactProducts);
  } catch (cause) {
    const missing = await missingData(path);
    if (missing !== null) {
      throw new VeerError(
        'MODEL_FILE_MISSING',
        `${path} keeps weights in ${missing}, which is not there. Copy the whole folder again.`,
        { cause },
      );
    }
    throw new VeerError(
      'MODEL_FILE_DAMAGED',
      `${path} cannot be opened on ${device} (${causeMessage(cause)}). Copy the file again; it may have been cut short.`,
      { cause },
    );
  }
}

/** An entry of `TensorProto.external_data` with the key "location"; its value's length follows. */
const LOCATION = Buffer.from('\x0a\x08location\x12', 'latin1');

/** Name of the first file of weights that the graph names and that is not beside it. */
async function missingData(path: string): Promise<string | null> {
  const bytes = await readFile(path).catch(() => Buffer.alloc(0));
  const names = new Set<string>();
  for (let at = bytes.indexOf(LOCATION); at !== -1; at = bytes.indexOf(LOCATION, at)) {
    at += LOCATION.length;
    // File names are shorter than 128 bytes: one byte of length.
    const length = bytes[at] ?? 0;
    names.add(bytes.toString('utf8', at + 1, at + 1 + length));
  }
  for (const name of names) {
    const there = await stat(join(dirname(path), name)).catch(() => null);
    if (there === null) return basename(name);
  }
  return null;
}
