/**
 * Writes the protobuf wire format: just the field kinds that onnx.proto needs
 * (https://protobuf.dev/programming-guides/encoding).
 */

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FOUR_BYTES = 5;

/** A message, or a part of one: fields one after the other. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

/** A field of type int32, int64 or an enum. Negative numbers take ten bytes, as protobuf says. */
export function integerField(number: number, value: number): Uint8Array {
  return message(varint(number * 8 + VARINT), varint(value));
}

/** A field of type float. */
export function floatField(number: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return message(varint(number * 8 + FOUR_BYTES), bytes);
}

export function bytesField(number: number, content: Uint8Array): Uint8Array {
  return message(bytesHead(number, content.length), content);
}

/** What stands before the content of a `bytesField`; for content too large to be copied twice. */
export function bytesHead(number: number, length: number): Uint8Array {
  return message(varint(number * 8 + LENGTH_DELIMITED), varint(length));
}

export function textField(number: number, text: string): Uint8Array {
  return bytesField(number, Buffer.from(text, 'utf8'));
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest % 128n) + 128);
    rest /= 128n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
