/** The fields of a message in Protocol Buffers' wire format (protobuf.dev, "Encoding"), with bounds. */

/** Damage to a message, in words that can stand after a colon. */
export class DamagedMessage extends Error {
  override readonly name = 'DamagedMessage';
}

export interface Field {
  readonly number: number;
  /** Whole numbers and the bits of fixed32; 0 for other kinds. */
  readonly value: number;
  /** The bytes of texts and messages, not copied; empty for other kinds. */
  readonly bytes: Uint8Array;
}

const NO_BYTES = new Uint8Array();

/** @throws DamagedMessage where a field goes beyond the message or has an unknown kind */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = message[at++];
      if (byte === undefined) throw new DamagedMessage('it ends within a number');
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw new DamagedMessage('it has a number of more than ten bytes');
  };
  const skip = (length: number): number => {
    const start = at;
    if (length > message.length - at) throw new DamagedMessage('a field goes beyond its end');
    at += length;
    return start;
  };
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    if (number < 1 || number > 0x1fffffff) throw new DamagedMessage(`it has a field ${number}`);
    switch (key % 8) {
      case 0:
        yield { number, value: varint(), bytes: NO_BYTES };
        break;
      case 1:
        skip(8);
        yield { number, value: 0, bytes: NO_BYTES };
        break;
      case 2: {
        const length = varint();
        const start = skip(length);
        yield { number, value: 0, bytes: message.subarray(start, start + length) };
        break;
      }
      case 5:
        yield { number, value: view.getUint32(skip(4), true), bytes: NO_BYTES };
        break;
      default:
        throw new DamagedMessage(`field ${number} has the unknown kind ${key % 8}`);
    }
  }
}

/** @param bits of a fixed32 */
export function floatOf(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  return view.getFloat32(0);
}
