/**
 * Reads the protobuf wire format (https://protobuf.dev/programming-guides/encoding), one level of
 * nesting at a time. Nothing is copied: all bytes are views of the file.
 */

/** One field of a message. */
export interface Field {
  readonly number: number;
  /** Of an integer; 0 for other kinds. */
  readonly integer: number;
  /** Of text, bytes, a message or packed numbers, and of fixed-size numbers; else empty. */
  readonly content: Uint8Array;
  /** The whole field with its tag, as it stands in the file. */
  readonly raw: Uint8Array;
}

const NOTHING = new Uint8Array(0);
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** @throws Error where the bytes are not a message */
export function readFields(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at;
    const tag = varint(bytes, at);
    const kind = tag.value % 8;
    at = tag.end;
    let integer = 0;
    let length = 0;
    if (kind === VARINT) {
      const value = varint(bytes, at);
      integer = value.value;
      at = value.end;
    } else if (kind === LENGTH_DELIMITED) {
      const size = varint(bytes, at);
      length = size.value;
      at = size.end;
    } else if (kind === FIXED_64 || kind === FIXED_32) {
      length = kind === FIXED_64 ? 8 : 4;
    } else {
      throw new Error(`Byte ${start} begins no protobuf field.`);
    }
    const content = kind === VARINT ? NOTHING : bytes.subarray(at, at + length);
    at += length;
    if (at > bytes.length) throw new Error(`The protobuf field at byte ${start} is cut short.`);
    const number = Math.floor(tag.value / 8);
    fields.push({ number, integer, content, raw: bytes.subarray(start, at) });
  }
  return fields;
}

/** Integers of a repeated field, packed or not. */
export function integersOf(fields: readonly Field[], number: number): readonly number[] {
  return fields.flatMap((field) => {
    if (field.number !== number) return [];
    if (field.content.length === 0) return [field.integer];
    const values: number[] = [];
    for (let at = 0; at < field.content.length; ) {
      const one = varint(field.content, at);
      values.push(one.value);
      at = one.end;
    }
    return values;
  });
}

export function textsOf(fields: readonly Field[], number: number): readonly string[] {
  return fields.flatMap((field) =>
    field.number === number ? [Buffer.from(field.content).toString('utf8')] : [],
  );
}

function varint(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0n;
  for (let end = at; end < bytes.length && end < at + 10; end++) {
    const byte = bytes[end] ?? 0;
    value |= BigInt(byte & 127) << BigInt(7 * (end - at));
    if (byte < 128) return { value: Number(BigInt.asIntN(64, value)), end: end + 1 };
  }
  throw new Error(`Byte ${at} begins no protobuf integer.`);
}
