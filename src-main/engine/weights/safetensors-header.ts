/** The header of a safetensors file, held against the file. */

import { VeerError } from '../../contract/errors.ts';
import { ByteCursor } from './byte-cursor.ts';
import { type ByteSource, damaged, elementsOf, quoted } from './byte-source.ts';

/** One tensor of the header. */
export interface HeaderEntry {
  readonly name: string;
  /** `F32`, `I64`, … */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes from the start of the file. */
  readonly offset: number;
}

/** Bytes, as the format allows. */
const LARGEST_HEADER = 100_000_000;

/** Bits of one element. A type that is missing here is one of a later version of the format. */
const BITS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    F4: 4,
    F6_E2M3: 6,
    F6_E3M2: 6,
    BOOL: 8,
    U8: 8,
    I8: 8,
    F8_E5M2: 8,
    F8_E4M3: 8,
    F8_E8M0: 8,
    U16: 16,
    I16: 16,
    F16: 16,
    BF16: 16,
    U32: 32,
    I32: 32,
    F32: 32,
    C64: 64,
    U64: 64,
    I64: 64,
    F64: 64,
  }),
);

/** @throws VeerError MODEL_FILE_DAMAGED; MODEL_FILE_MISSING where Git LFS has not fetched the file */
export async function readHeader(source: ByteSource): Promise<readonly HeaderEntry[]> {
  await refusePointer(source);
  const cursor = new ByteCursor(source);
  const length = await cursor.u64();
  if (length > LARGEST_HEADER || length > cursor.left) {
    throw damaged(source.name, 'its header is longer than the file');
  }
  const header = parse(await cursor.text(length), source.name);
  const start = cursor.offset;
  const ranges: Range[] = [];
  const entries: HeaderEntry[] = [];
  for (const [name, fields] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, begin, end } = tensorFields(name, fields, source);
    ranges.push({ name, begin, end });
    entries.push({ name, dtype, shape, offset: start + begin });
  }
  requireNoHoles(ranges, source.size - start, source.name);
  return entries;
}

/** What is there instead of the weights after a repository was cloned without Git LFS. */
const POINTER = 'version https://git-lfs';

async function refusePointer(source: ByteSource): Promise<void> {
  const head = await source.read(0, Math.min(POINTER.length, source.size));
  if (head.toString('latin1') !== POINTER) return;
  throw new VeerError(
    'MODEL_FILE_MISSING',
    `${source.name} only points to the weights, which Git LFS has not fetched. Run "git lfs pull" in the folder, or download the file.`,
  );
}

function parse(text: string, file: string): Readonly<Record<string, unknown>> {
  if (!text.startsWith('{')) throw damaged(file, 'its header is not JSON');
  let header: Readonly<Record<string, unknown>>;
  try {
    // Starting with a brace, it is an object or no JSON.
    header = JSON.parse(text);
  } catch (cause) {
    throw damaged(file, 'its header is not valid JSON', cause);
  }
  if (membersAtTop(text) !== Object.keys(header).length) {
    throw damaged(file, 'its header has a name twice');
  }
  return header;
}

/** Members of an object in valid JSON, also those that JSON.parse drops for a later one of the same name. */
function membersAtTop(json: string): number {
  let members = 0;
  let depth = 0;
  let inText = false;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (inText) {
      if (character === '\\') i++;
      else if (character === '"') inText = false;
    } else if (character === '"') inText = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    else if (character === ':' && depth === 1) members++;
  }
  return members;
}

interface Range {
  readonly name: string;
  /** Bytes of the buffer behind the header; the end is exclusive. */
  readonly begin: number;
  readonly end: number;
}

function tensorFields(name: string, fields: unknown, source: ByteSource) {
  const wrong = () => damaged(source.name, `its header describes ${quoted(name)} wrongly`);
  if (typeof fields !== 'object' || fields === null) throw wrong();
  const { dtype, shape, data_offsets: offsets }: Readonly<Record<string, unknown>> = { ...fields };
  if (typeof dtype !== 'string' || !isNumbers(shape) || !isNumbers(offsets)) throw wrong();
  const [begin = -1, end = -1, ...more] = offsets;
  const whole = Number.isSafeInteger(begin) && Number.isSafeInteger(end);
  if (!whole || begin < 0 || end < begin || end > source.size || more.length > 0) throw wrong();
  const elements = elementsOf(shape, source.size * 2, source.name, name);
  const bits = BITS.get(dtype);
  if (bits !== undefined && elements * bits !== (end - begin) * 8) {
    throw damaged(source.name, `the shape of ${quoted(name)} does not fit its bytes`);
  }
  return { dtype, shape, begin, end };
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

/** Neither holes nor overlaps, from the first byte to the last, as the format demands. */
function requireNoHoles(ranges: readonly Range[], bytes: number, file: string): void {
  const sorted = ranges.toSorted((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of sorted) {
    if (begin !== at) {
      throw damaged(file, `${quoted(name)} does not begin where the tensor before it ends`);
    }
    at = end;
  }
  if (at !== bytes) throw damaged(file, 'it is not as long as its header says');
}
