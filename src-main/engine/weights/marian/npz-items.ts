/**
 * Marian's `.npz`: a zip of NumPy's `.npy` (format 1 to 3: "\x93NUMPY", two bytes of version, the length of the
 * header, the header as a Python dictionary, the numbers), as `numpy.lib.format` describes it.
 */

import { VeerError } from '../../../contract/errors.ts';
import { type ByteSource, damaged, elementsOf, quoted } from '../byte-source.ts';
import { BYTES_OF, type NumberType } from '../decode-values.ts';
import type { MarianFile, MarianItem } from './marian-items.ts';
import { readZipEntries } from './zip-entries.ts';

const SETTINGS = 'special:model.yml';
const LONGEST_SETTINGS = 1 << 20;
const LONGEST_HEADER = 65_536;
const TYPES: Readonly<Record<string, NumberType>> = {
  '<f4': 'float32',
  '<f2': 'float16',
  '<f8': 'float64',
  '|i1': 'int8',
};

/**
 * Reads names, shapes and places; no tensors.
 *
 * @throws VeerError MODEL_FORMAT_UNSUPPORTED or MODEL_FILE_DAMAGED
 */
export async function readNpzItems(source: ByteSource): Promise<MarianFile> {
  const entries = await readZipEntries(source);
  const items = new Map<string, MarianItem>();
  let yml: string | null = null;
  for (const [path, entry] of entries) {
    const name = path.endsWith('.npy') ? path.slice(0, -4) : path;
    const { descr, shape, offset } = await readHeader(entry, name);
    if (name === SETTINGS) {
      yml = await readSettings(entry, offset);
      continue;
    }
    const type = TYPES[descr];
    if (type === undefined) {
      throw new VeerError(
        'MODEL_FORMAT_UNSUPPORTED',
        `${source.name} holds ${quoted(name)} as ${quoted(descr)}, which cannot be read. Save the model as float32.`,
      );
    }
    const size = BYTES_OF[type];
    const elements = elementsOf(shape, (entry.size - offset) / size, source.name, name);
    if (elements === 0 || elements * size !== entry.size - offset) {
      throw damaged(source.name, `${quoted(name)} has not the size that its shape says`);
    }
    if (items.has(name)) throw damaged(source.name, `${quoted(name)} is in it twice`);
    items.set(name, {
      name,
      shape,
      source: entry,
      type,
      offset,
      elements,
      transposed: false,
      multiplier: 1,
    });
  }
  if (yml === null) throw damaged(source.name, `its settings, ${SETTINGS}, are missing`);
  return { name: source.name, items, yml, close: () => source.close() };
}

async function readHeader(
  entry: ByteSource,
  name: string,
): Promise<{ readonly descr: string; readonly shape: readonly number[]; readonly offset: number }> {
  const start = await entry.read(0, 12);
  const version = start.readUInt8(6);
  if (start.toString('latin1', 0, 6) !== '\x93NUMPY' || version < 1 || version > 3) {
    throw damaged(entry.name, `${quoted(name)} is no NumPy array`);
  }
  const prefix = version === 1 ? 10 : 12;
  const length = version === 1 ? start.readUInt16LE(8) : start.readUInt32LE(8);
  if (length > LONGEST_HEADER)
    throw damaged(entry.name, `the header of ${quoted(name)} is too long`);
  const header = (await entry.read(prefix, length)).toString('latin1');
  const descr = /'descr': *'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order': *(True|False)/.exec(header)?.[1];
  const sizes = /'shape': *\(([\d, ]*)\)/.exec(header)?.[1];
  if (descr === undefined || sizes === undefined || order !== 'False') {
    throw damaged(entry.name, `the header of ${quoted(name)} cannot be read`);
  }
  const shape = sizes.split(',').filter((size) => size.trim() !== '');
  return { descr, shape: shape.map(Number), offset: prefix + length };
}

async function readSettings(entry: ByteSource, offset: number): Promise<string> {
  const bytes = entry.size - offset;
  if (bytes > LONGEST_SETTINGS) throw damaged(entry.name, `its settings take ${bytes} bytes`);
  const text = (await entry.read(offset, bytes)).toString('utf8');
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
