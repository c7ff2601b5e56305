/** Files for tests: the committed fixtures, a temporary folder, wav bytes with any header. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FIXTURES = new URL('../../../e2e/fixtures/audio/', import.meta.url);

export function fixture(name: string): string {
  return fileURLToPath(new URL(name, FIXTURES));
}

export class TestFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'veer-audio-'));

  write(name: string, bytes: Uint8Array | string): string {
    const path = join(this.path, name);
    writeFileSync(path, bytes);
    return path;
  }

  /** The first `share` of a fixture, as a copy that broke off would leave it. */
  writeCut(name: string, share: number): string {
    const bytes = readFileSync(fixture(name));
    return this.write(`cut-${name}`, bytes.subarray(0, Math.round(bytes.length * share)));
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/**
 * A 16-bit wav file.
 * @param samples frames of all channels one after the other, in [-1, 1]
 * @param header what differs from 16 kHz mono; `declaredBytes` replaces the true data size
 */
export function wavBytes(
  samples: ArrayLike<number>,
  header: {
    readonly channels?: number;
    readonly samplingRate?: number;
    readonly declaredBytes?: number;
  } = {},
): Buffer {
  const { channels = 1, samplingRate = 16_000, declaredBytes = 2 * samples.length } = header;
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(Math.min(0xffff_ffff, declaredBytes + 36), 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(channels, 22);
  bytes.writeUInt32LE(samplingRate, 24);
  bytes.writeUInt32LE(samplingRate * channels * 2, 28);
  bytes.writeUInt16LE(channels * 2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(declaredBytes, 40);
  for (let i = 0; i < samples.length; i++) {
    bytes.writeInt16LE(Math.round(32_767 * (samples[i] as number)), 44 + 2 * i);
  }
  return bytes;
}

/** All samples of a stream in one array. */
export async function gather(chunks: AsyncIterable<Float32Array>): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  const all = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
