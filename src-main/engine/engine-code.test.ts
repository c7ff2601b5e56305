import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** File names of the native libraries in a process that has imported the modules. */
async function nativeLibraries(...modules: readonly string[]): Promise<readonly string[]> {
  const script = `
    for (const module of ${JSON.stringify(modules)}) await import(module);
    process.stdout.write(JSON.stringify(process.report.getReport().sharedObjects));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { maxBuffer: 2 ** 24 },
  );
  return JSON.parse(stdout) as string[];
}

const here = (path: string) => new URL(path, import.meta.url).href;

test('the code of an engine that starts has ONNX Runtime in it, and no FFmpeg yet', async () => {
  const isFfmpeg = (name: string) => name.includes('node-av');
  const atStart = await nativeLibraries(here('router.ts'), here('pipeline/engine.ts'));
  expect(atStart.some((name) => name.includes('onnxruntime'))).toBe(true);
  expect(atStart.filter(isFfmpeg)).toEqual([]);
  const reading = await nativeLibraries(here('pipeline/transcribe.ts'));
  expect(reading.some(isFfmpeg)).toBe(true);
});
