/**
 * WebGPU without a graphics processor: Chromium and Chrome bring SwiftShader, a Vulkan driver in
 * software. What comes out must be what the CPU writes; where a token differs, the best two must have
 * been so near each other that rounding decides.
 */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Hypothesis } from '../../src-main/engine/decoding/hypothesis.ts';
import { decodeOn } from './test-decode-inputs.ts';
import type { WebgpuReport } from './test-webgpu-process.ts';

const DRIVERS = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
];
const driver = DRIVERS.find((path) => existsSync(path)) ?? null;
const FEWEST_INPUTS = 20;
/** Difference of log-probabilities below which rounding may decide. */
const NEAR_TIE = 1e-3;
/** Milliseconds; a tenth of it on two free cores. */
const TIMEOUT = 180_000;

if (driver === null) {
  process.stdout.write(`WebGPU: skipped, there is no software driver (${DRIVERS.join(', ')}).\n`);
}

test.skipIf(driver === null)(
  'WebGPU on a software driver writes what the CPU writes, and leaves nothing on the device',
  async () => {
    const { report, adapter } = await runOnWebgpu(driver ?? '');
    const { decoded, placement, tensors } = report;
    process.stdout.write(`WebGPU adapter: ${adapter}\n`);
    for (const [provider, operators] of Object.entries(placement)) {
      const all = Object.entries(operators).sort(([, a], [, b]) => b - a);
      const list = all.map(([name, runs]) => `${name} ${runs}`).join(', ');
      process.stdout.write(`WebGPU placement: ${provider}: ${list}\n`);
    }
    const expected = await decodeOn('cpu');
    const greedy = decoded.filter(({ name }) => name.endsWith('greedy'));
    const inputs = greedy.reduce((sum, one) => sum + one.inputs, 0);
    expect(inputs).toBeGreaterThanOrEqual(FEWEST_INPUTS);
    expect(decoded.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
    for (const [i, { name, rows }] of decoded.entries()) {
      expectParity(name, rows.flat(), expected[i]?.rows.flat() ?? []);
    }
    expect(placement['WebGpuExecutionProvider']?.['MatMul']).toBeGreaterThan(0);
    expect(placement['WebGpuExecutionProvider']?.['ArgMax']).toBeGreaterThan(0);
    expect(placement['WebGpuExecutionProvider']?.['Gather']).toBeGreaterThan(0);
    expect(placement['CPUExecutionProvider']?.['MatMul'] ?? 0).toBe(0);
    expect(tensors.made).toBeGreaterThan(100);
    expect(tensors.left).toBe(0);
  },
  TIMEOUT,
);

async function runOnWebgpu(
  driverPath: string,
): Promise<{ readonly report: WebgpuReport; readonly adapter: string }> {
  const profiles = await mkdtemp(join(tmpdir(), 'veer-webgpu-'));
  try {
    const program = join(import.meta.dirname, 'test-webgpu-process.ts');
    const child = spawn(process.execPath, [program, profiles], {
      env: {
        ...process.env,
        VK_DRIVER_FILES: driverPath,
        // The loader comes with the browser too.
        LD_LIBRARY_PATH: dirname(driverPath),
        // It names the device on standard error; ONNX Runtime for Node does not.
        VK_LOADER_DEBUG: 'info',
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code, signal] = await new Promise<readonly [number | null, string | null]>(
      (resolve, reject) => {
        child.on('error', reject).on('close', (...ended) => resolve(ended));
      },
    );
    if (code !== 0) {
      throw new Error(`The process ended with ${code ?? signal}.\n${stderr}\n${stdout}`);
    }
    const adapter = /INFO.*: +\[\d+\] (.+?)\s*$/m.exec(stderr)?.[1];
    return { report: JSON.parse(stdout) as WebgpuReport, adapter: adapter ?? 'not named' };
  } finally {
    await rm(profiles, { recursive: true });
  }
}

/** Up to the first token that differs, every token was as probable there as here. */
function expectParity(
  name: string,
  found: readonly Hypothesis[],
  expected: readonly Hypothesis[],
): void {
  expect(found.length, name).toBe(expected.length);
  let equal = 0;
  for (const [i, mine] of found.entries()) {
    const theirs = expected[i] as Hypothesis;
    const differs = theirs.tokenIds.findIndex((id, at) => mine.tokenIds[at] !== id);
    const same = differs === -1 && mine.tokenIds.length === theirs.tokenIds.length;
    if (same) equal++;
    const tokens = same ? theirs.tokenLogProbabilities.length : Math.max(0, differs) + 1;
    for (const [at, logProbability] of theirs.tokenLogProbabilities.slice(0, tokens).entries()) {
      const gap = Math.abs((mine.tokenLogProbabilities[at] ?? Number.NaN) - logProbability);
      expect(gap, `${name}, row ${i}, token ${at}`).toBeLessThan(NEAR_TIE);
    }
  }
  process.stdout.write(`WebGPU, ${name}: ${equal} of ${found.length} equal\n`);
}
