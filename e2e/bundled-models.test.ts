/** The model folders that come with the program: their size, their checksums, their papers. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { graphFiles } from '../src-main/contract/model-layout.ts';
import { sha256OfFile } from '../src-main/engine/files/sha256.ts';
import { MODELS_DIRECTORY, RECOGNISERS, TRANSLATORS } from './dev-inputs.ts';
import { readEvaluation } from './evaluate/starter/evaluation-file.ts';

const MEGABYTE = 1e6;
/** What whoever trains leaves beside the scripts; none of it is in the repository. */
const NOT_OURS = /(^|\/)(\.venv|__pycache__)(\/|$)/;

/** Paths below a folder, relative to it, with `/`. */
function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !NOT_OURS.test(path));
}

describe('models/', () => {
  it('holds the four bundled models and how they were made', () => {
    const folders = readdirSync(MODELS_DIRECTORY).sort();
    expect(folders).toEqual([...RECOGNISERS, ...TRANSLATORS, 'training']);
  });

  it('stays under 120 MB', () => {
    const sizes = filesIn(MODELS_DIRECTORY).map(
      (path) => statSync(join(MODELS_DIRECTORY, path)).size,
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(120 * MEGABYTE);
  });
});

describe.each([...RECOGNISERS, ...TRANSLATORS])('%s', (id) => {
  const folder = join(MODELS_DIRECTORY, id);

  it('takes at most 25 MB in int8', () => {
    const { encoder, decoder } = graphFiles('int8');
    const bytes = [encoder, decoder].map((file) => statSync(join(folder, file)).size);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(25 * MEGABYTE);
  });

  it('has checksums, as sha256sum writes them, of every file that is loaded', async () => {
    const lines = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
    const sums = new Map(
      lines.map((line) => {
        const [, sum = '', path = ''] = /^([0-9a-f]{64}) [ *](\S+)$/.exec(line) ?? [];
        return [path.replace(/^\.\//, ''), sum];
      }),
    );
    const loaded = filesIn(folder).filter((path) => /\.(onnx|json)$/.test(path));
    const listed = loaded.filter((path) => path !== 'evaluation.json');
    expect([...sums.keys()]).toEqual(expect.arrayContaining(listed));
    for (const [path, sum] of sums) {
      expect(`${await sha256OfFile(join(folder, path))}  ${path}`).toBe(`${sum}  ${path}`);
    }
  });

  it('has a card, a licence, and numbers that were measured on these very files', async () => {
    expect(filesIn(folder)).toEqual(expect.arrayContaining(['README.md', 'LICENSE']));
    const evaluation = await readEvaluation(folder);
    expect(evaluation?.model).toBe(id);
    for (const dtype of ['fp32', 'int8'] as const) {
      const { encoder, decoder } = graphFiles(dtype);
      expect(evaluation?.measurements[dtype]).toMatchObject({
        encoderSha256: await sha256OfFile(join(folder, encoder)),
        decoderSha256: await sha256OfFile(join(folder, decoder)),
      });
    }
  });
});
