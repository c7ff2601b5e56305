/** Zip archives written by hand, wrong ones too; not part of the product. */

import { crc32 } from 'node:zlib';

export interface TestEntry {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Left out: the real one. */
  readonly declaredSize?: number;
  readonly flags?: number;
  /** Type and rights of Unix. */
  readonly mode?: number;
}

/** Entries are stored as they are. Layout: APPNOTE.TXT of PKWARE, 4.3. */
export function zipOf(entries: readonly TestEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, declaredSize, flags = 0, mode = 0o100644 } of entries) {
    const bytes = Buffer.from(content);
    const file = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(declaredSize ?? bytes.length, 14);
    // An encrypted entry begins with twelve bytes of its own.
    const head = (flags & 1) === 1 ? 12 : 0;
    common.writeUInt32LE(declaredSize ?? bytes.length - head, 18);
    common.writeUInt16LE(file.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, file, bytes]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const made = Buffer.from([20, 3]);
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), made, common, tail, file]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
