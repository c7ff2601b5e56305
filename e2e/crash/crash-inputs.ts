/** Files for the queue: texts of the development sentences, recordings of several windows. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSamples, speechDev, spread, translationDev } from '../dev-inputs.ts';

const RATE = 16_000;

export interface InputSizes {
  /** Of a text. */
  readonly sentences: number;
  /** Of a recording; the windows of the small recogniser are 6 s long. */
  readonly seconds: number;
}

/**
 * Fills `folder/inputs` with 16 files: every fourth one is a recording. With more α for every fourth
 * file that makes 20 jobs.
 */
export async function writeInputs(folder: string, sizes: InputSizes): Promise<void> {
  const directory = join(folder, 'inputs');
  await mkdir(directory, { recursive: true });
  const sentences = spread(await translationDev(), 150).map(({ source }) => source);
  const utterances = spread(await speechDev(), 100);
  for (let i = 0; i < 16; i++) {
    const name = String(i).padStart(2, '0');
    if (i % 4 < 3) {
      const own = Array.from(
        { length: sizes.sentences },
        (_, j) => sentences[(i * 9 + j) % sentences.length],
      );
      await writeFile(join(directory, `${name}.txt`), own.join('\n\n'));
      continue;
    }
    const chunks: Float32Array[] = [];
    for (let j = i * 5, length = 0; length < sizes.seconds * RATE; j++) {
      const samples = await readSamples(utterances[j % utterances.length]?.path ?? '');
      chunks.push(samples);
      length += samples.length;
    }
    await writeFile(join(directory, `${name}.wav`), wav(chunks));
  }
}

/** 16-bit mono PCM in a RIFF file. */
function wav(chunks: readonly Float32Array[]): Buffer {
  const samples = chunks.flatMap((chunk) => [...chunk]);
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples.length * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => {
    const clipped = Math.max(-1, Math.min(1, sample));
    file.writeInt16LE(Math.round(clipped * 32_767), 44 + i * 2);
  });
  return file;
}
