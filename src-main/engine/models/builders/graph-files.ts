/** Graphs that a builder makes, and writing them: the model, and its values in a file beside it. */

import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfCancelled, VeerError } from '../../../contract/errors.ts';
import type { GraphBuilder, PlacedConstant } from '../../onnx/graph-builder/graph-builder.ts';
import type { Value } from '../../onnx/graph-builder/value.ts';

/** One or more graphs whose values stand in one file. */
export interface GraphSet {
  /** By file name. */
  readonly models: ReadonlyMap<string, Uint8Array>;
  readonly dataFile: string;
  readonly constants: readonly PlacedConstant[];
}

/**
 * @param graphs outputs by name, of every graph by its file name; the file of values is named after the
 *   first
 */
export function graphSet(
  g: GraphBuilder,
  graphs: Readonly<Record<string, Readonly<Record<string, Value>>>>,
): GraphSet {
  const [first = ''] = Object.keys(graphs);
  const dataFile = `${first}_data`;
  const models = new Map<string, Uint8Array>();
  let constants: readonly PlacedConstant[] = [];
  for (const [name, outputs] of Object.entries(graphs)) {
    const built = g.buildStored(outputs, dataFile);
    models.set(name, built.model);
    constants = built.constants;
  }
  return { models, dataFile, constants };
}

export function bytesOf({ models, constants }: GraphSet): number {
  const graphs = [...models.values()].reduce((sum, { length }) => sum + length, 0);
  return graphs + endOf(constants);
}

function endOf(constants: readonly PlacedConstant[]): number {
  const last = constants.at(-1);
  return last === undefined ? 0 : last.offset + last.length;
}

export interface Writing {
  readonly directory: string;
  readonly signal: AbortSignal;
  /** Bytes that were written since the last call. */
  readonly onBytes: (bytes: number) => void;
}

/** @throws VeerError CANCELLED, and what reading the weights throws */
export async function writeGraphs(set: GraphSet, writing: Writing): Promise<void> {
  const { directory, signal, onBytes } = writing;
  const file = await open(join(directory, set.dataFile), 'w');
  try {
    for (const placed of set.constants) await writeConstant(file, placed, signal, onBytes);
    // The last one may be empty, and a file as long as it should be says that it is whole.
    await file.truncate(endOf(set.constants));
  } finally {
    await file.close();
  }
  for (const [name, bytes] of set.models) {
    throwIfCancelled(signal);
    await writeFile(join(directory, name), bytes);
    onBytes(bytes.length);
  }
}

async function writeConstant(
  file: FileHandle,
  { constant, offset, length }: PlacedConstant,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  let written = 0;
  for await (const chunk of constant.chunks()) {
    throwIfCancelled(signal);
    for (let at = 0; at < chunk.length; ) {
      const { bytesWritten } = await file.write(
        chunk,
        at,
        chunk.length - at,
        offset + written + at,
      );
      at += bytesWritten;
    }
    written += chunk.length;
    onBytes(chunk.length);
  }
  if (written === length) return;
  throw new VeerError('INTERNAL', `${constant.name} has ${written} bytes instead of ${length}.`);
}
