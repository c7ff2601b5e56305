/**
 * CTranslate2's `model.bin`, binary versions 2 to 6, up to what its variables are called and where they lie.
 *
 * Layout (CTranslate2 4.8, `python/ctranslate2/specs/model_spec.py` writes it, `src/models/model.cc` reads
 * it), little-endian, without padding: u32 binary version; text spec; u32 revision; u32 number of variables;
 * each: text name, u8 rank, u32 sizes, then from version 4 on u8 type and u32 bytes, before it u8 bytes per
 * number and u32 numbers, then the numbers; from version 3 on u32 number of aliases; each: text alias, text
 * name. A text is a u16 length that counts the 0 byte at its end, and its bytes.
 */

import { VeerError } from '../../../contract/errors.ts';
import { ByteCursor } from '../byte-cursor.ts';
import { type ByteSource, damaged, elementsOf, quoted } from '../byte-source.ts';
import { BYTES_OF, type NumberType } from '../decode-values.ts';

/** A tensor, scalar or text of the file. Variables that are aliases of each other are one object. */
export interface Variable {
  /** Its own name, not that of an alias. */
  readonly name: string;
  /** A scalar has none. */
  readonly shape: readonly number[];
  readonly type: NumberType;
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly elements: number;
}

export interface ModelFile {
  readonly source: ByteSource;
  readonly binaryVersion: number;
  /** `WhisperSpec`, `TransformerSpec`, … */
  readonly spec: string;
  readonly revision: number;
  /** By name; aliases are names like any other. */
  readonly variables: ReadonlyMap<string, Variable>;
}

const OLDEST_VERSION = 2;
const NEWEST_VERSION = 6;
/** Number types by their number in the file, from version 4 on. */
const TYPES: readonly NumberType[] = ['float32', 'int8', 'int16', 'int32', 'float16', 'bfloat16'];
/** Before version 4 a type is known by its size only. */
const TYPES_BY_SIZE: Readonly<Record<number, NumberType>> = { 1: 'int8', 2: 'int16', 4: 'float32' };
const MOST_VARIABLES = 65_536;
const HIGHEST_RANK = 4;
/** Bytes that a variable and an alias take at least. */
const SHORTEST_VARIABLE = 9;
const SHORTEST_ALIAS = 6;

/**
 * Reads names, shapes and places; no tensors.
 *
 * @throws VeerError MODEL_FORMAT_UNSUPPORTED for another file or version, MODEL_FILE_DAMAGED where the file
 *   contradicts itself, ends early or goes on after its end
 */
export async function readModelFile(source: ByteSource): Promise<ModelFile> {
  const cursor = new ByteCursor(source);
  const binaryVersion = await cursor.u32();
  if (binaryVersion < OLDEST_VERSION || binaryVersion > NEWEST_VERSION) {
    throw new VeerError(
      'MODEL_FORMAT_UNSUPPORTED',
      `${source.name} is no CTranslate2 model of the versions ${OLDEST_VERSION} to ${NEWEST_VERSION}` +
        ` (it begins with ${binaryVersion}). Convert the model again with a current CTranslate2.`,
    );
  }
  const spec = await readText(cursor, source);
  const revision = await cursor.u32();
  const variables = new Map<string, Variable>();
  const add = (name: string, variable: Variable): void => {
    if (variables.has(name)) throw damaged(source.name, `${quoted(name)} is in it twice`);
    variables.set(name, variable);
  };
  const count = await readCount(cursor, source, SHORTEST_VARIABLE);
  for (let i = 0; i < count; i++) {
    const variable = await readVariable(cursor, source, binaryVersion);
    add(variable.name, variable);
  }
  const aliases = binaryVersion < 3 ? 0 : await readCount(cursor, source, SHORTEST_ALIAS);
  for (let i = 0; i < aliases; i++) {
    const alias = await readText(cursor, source);
    const target = await readText(cursor, source);
    const variable = variables.get(target);
    if (variable === undefined) {
      throw damaged(source.name, `${quoted(alias)} stands for ${quoted(target)}, which is missing`);
    }
    add(alias, variable);
  }
  if (cursor.left > 0) throw damaged(source.name, `${cursor.left} bytes follow after its end`);
  return { source, binaryVersion, spec, revision, variables };
}

async function readCount(cursor: ByteCursor, source: ByteSource, bytes: number): Promise<number> {
  const count = await cursor.u32();
  if (count > MOST_VARIABLES || count * bytes > cursor.left) {
    throw damaged(source.name, `it announces ${count} entries`);
  }
  return count;
}

async function readText(cursor: ByteCursor, source: ByteSource): Promise<string> {
  const length = await cursor.u16();
  if (length === 0) throw damaged(source.name, 'a name in it has no length');
  const text = await cursor.text(length - 1);
  if ((await cursor.u8()) !== 0) throw damaged(source.name, 'a name in it does not end');
  return text;
}

async function readVariable(
  cursor: ByteCursor,
  source: ByteSource,
  binaryVersion: number,
): Promise<Variable> {
  const name = await readText(cursor, source);
  const rank = await cursor.u8();
  if (rank > HIGHEST_RANK) throw damaged(source.name, `${quoted(name)} has ${rank} axes`);
  const shape: number[] = [];
  for (let axis = 0; axis < rank; axis++) shape.push(await cursor.u32());
  const code = await cursor.u8();
  const type = binaryVersion < 4 ? TYPES_BY_SIZE[code] : TYPES[code];
  if (type === undefined) {
    throw damaged(source.name, `${quoted(name)} has the unknown number type ${code}`);
  }
  const size = BYTES_OF[type];
  const length = await cursor.u32();
  const bytes = binaryVersion < 4 ? length * size : length;
  const elements = elementsOf(shape, cursor.left / size, source.name, name);
  if (elements === 0) throw damaged(source.name, `${quoted(name)} is empty`);
  if (bytes !== elements * size) {
    throw damaged(
      source.name,
      `${quoted(name)} takes ${bytes} bytes instead of ${elements * size}`,
    );
  }
  const { offset } = cursor;
  cursor.skip(bytes);
  return { name, shape, type, offset, elements };
}
