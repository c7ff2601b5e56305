import { describe, expect, it } from 'vitest';
import { bytesInMemory } from './byte-source.ts';
import { readHeader } from './safetensors-header.ts';

function withHeader(header: string, bytes: number): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(bytes)]);
}

const read = (bytes: Buffer) => readHeader(bytesInMemory('model.safetensors', bytes));
const tensor = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';

describe('readHeader', () => {
  it('refuses a name that is there twice, although JSON.parse takes it', async () => {
    await expect(read(withHeader(`{"a":${tensor},"\\u0061":${tensor}}`, 4))).rejects.toMatchObject({
      code: 'MODEL_FILE_DAMAGED',
      message: expect.stringContaining('twice'),
    });
  });

  it.each(['a":{', '[\\"', '__proto__', '\\\\'])('takes any name: %s', async (name) => {
    const spelled = JSON.stringify(name);
    const metadata = JSON.stringify({ format: 'pt', note: `${name}: "` });
    const entries = await read(withHeader(`{"__metadata__":${metadata},${spelled}:${tensor}}`, 4));
    expect(entries.map((entry) => entry.name)).toEqual([name]);
  });

  it('says that a pointer of Git LFS is not the file', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 1\n';
    await expect(read(Buffer.from(pointer))).rejects.toMatchObject({
      code: 'MODEL_FILE_MISSING',
      message: expect.stringContaining('git lfs pull'),
    });
  });
});
