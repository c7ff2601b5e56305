/** Options that are wrong, and those that ask for what is not there. */

import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import packageInfo from '../../package.json' with { type: 'json' };
import { resultSchema } from '../../src-main/contract/result.ts';
import { MODELS_DIRECTORY, RECOGNISERS, TRANSLATORS } from '../dev-inputs.ts';
import { errorCodes, TestFolder, veer } from './test-veer.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());
const text = folder.write('short.txt', 'Hello.\n');

describe.concurrent('an option that is wrong is refused with exit code 2', () => {
  it.each([
    [['--alpha', 'NaN'], 'ALPHA_NOT_FINITE', '"NaN"'],
    [['--alpha', '0,inf'], 'ALPHA_NOT_FINITE', '"inf"'],
    [['--alpha', 'Infinity'], 'ALPHA_NOT_FINITE', '"Infinity"'],
    [['--alpha', '1e39'], 'ALPHA_NOT_FINITE', '"1e39"'],
    [['--alpha', ''], 'ALPHA_NOT_FINITE', '""'],
    [['--alpha', '0,'], 'ALPHA_NOT_FINITE', '""'],
    [['--alpha', 'much'], 'ALPHA_NOT_FINITE', '"much"'],
    [['--alpha', Array.from({ length: 65 }, (_, i) => i).join()], 'OPTION_INVALID', '65 values'],
    [['--device', 'gpu'], 'DEVICE_UNKNOWN', 'webgpu'],
    [['--model', 'nothing'], 'MODEL_NOT_FOUND', TRANSLATORS.join(', ')],
    [['--model', RECOGNISERS[0]], 'MODEL_TASK_MISMATCH', 'transcribe'],
    [['--proxy', 'nothing'], 'PROXY_NOT_FOUND', 'chrf-attention'],
    [['--dtype', 'fp16'], 'DTYPE_UNAVAILABLE', 'fp32, int8'],
    [['--language', 'fr'], 'LANGUAGE_UNSUPPORTED', '"fr". Languages it writes: de, en.'],
    [['--out', `${text}/below`], 'OUTPUT_NOT_WRITABLE', '--out'],
    [['--out', text], 'OUTPUT_NOT_WRITABLE', '--out'],
    [['--beams', '65'], 'OPTION_INVALID', 'from 1 to 64, not "65"'],
    [['--temperature', '0'], 'OPTION_INVALID', '--temperature needs a number above 0'],
    [['--length-penalty', '2'], 'OPTION_INVALID', '--beams 4'],
    [['--beams', '2', '--seed', '1'], 'OPTION_INVALID', '--temperature 1'],
  ])('%j: %s', async (args, code, names) => {
    const outcome = await veer(['translate', text, ...args]);
    expect(errorCodes(outcome.stderr)).toEqual({ '': code });
    expect(outcome.stderr).toContain(names);
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
  });

  it.each([
    [['dance'], "unknown command 'dance'"],
    [['translate', '--loud', text], "unknown option '--loud'"],
    [['translate'], "missing required argument 'file'"],
    [['translate', text, '--dtype', 'fp64'], 'fp32, fp16, int8'],
    [['translate', text, '--threads', '0'], 'from 1 to 1024'],
    [['translate', text, '--model', ''], 'must not be empty'],
    [['translate', text, '--language', ''], 'must not be empty'],
    [['translate', text, '--format', 'srt'], 'txt, md, json'],
    [['transcribe', text, '--format', 'doc'], 'txt, md, srt, vtt, json'],
  ])('%j', async (args, names) => {
    const outcome = await veer(args);
    expect(outcome.stderr).toContain(names);
    expect(outcome.stderr).toContain('veer --help');
    expect(outcome).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('an output folder that cannot be written to', () => {
  const args = (out: string) => ['translate', text, '--out', out];

  it.runIf(process.platform === 'linux').each(['/proc/veer', '/sys', '/sys/kernel/veer/out'])(
    'is refused before any work where the file system is not a real one: %s',
    async (out) => {
      const outcome = await veer(args(out));
      expect(errorCodes(outcome.stderr)).toEqual({ '': 'OUTPUT_NOT_WRITABLE' });
      expect(outcome.code).toBe(2);
    },
  );

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'is refused before any work where permissions forbid it',
    async () => {
      const out = join(folder.path, 'locked');
      mkdirSync(out);
      chmodSync(out, 0o500);
      const outcome = await veer(args(out));
      expect(errorCodes(outcome.stderr)).toEqual({ '': 'OUTPUT_NOT_WRITABLE' });
      expect(outcome.code).toBe(2);
    },
  );
});

describe('a device that is not there', () => {
  const device = process.platform === 'win32' ? 'coreml' : 'dml';

  it('is replaced by the processor, with the reason said once and kept in the result', async () => {
    const outcome = await veer(['translate', text, text, '--device', device, '--format', 'json']);
    expect(outcome.code).toBe(0);
    expect(outcome.stderr.match(new RegExp(`veer: ${device} was not used: \\S`, 'g'))).toHaveLength(
      1,
    );
    const [first = ''] = outcome.stdout.split(/^(?=\{)/m);
    expect(resultSchema.parse(JSON.parse(first)).device).toMatchObject({
      requested: device,
      used: 'cpu',
      fallbacks: [{ device, reason: expect.stringMatching(/\S/) }],
    });
  });
});

describe('the program itself', () => {
  it('says its version and lists its commands', async () => {
    const [version, help, helpOf] = await Promise.all([
      veer(['--version']),
      veer(['--help']),
      veer(['compare', '--help']),
    ]);
    expect(version).toEqual({ code: 0, stdout: `${packageInfo.version}\n`, stderr: '' });
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const command of ['transcribe', 'translate', 'compare', 'models', 'devices']) {
      expect(help.stdout).toContain(`  ${command} `);
    }
    expect(helpOf.stdout).toContain('--alpha <list>');
    expect(helpOf.stdout).toMatch(/--language <tag> +language to write/);
  });

  // Elsewhere the data folder is not named by the environment.
  it.runIf(process.platform === 'linux')('uses models that were imported', async () => {
    const model = join(folder.path, 'veer', 'models', 'imported-mt');
    cpSync(join(MODELS_DIRECTORY, TRANSLATORS[1]), model, { recursive: true });
    const settings = { dataHome: folder.path };
    const models = await veer(['models'], settings);
    expect(models.stdout).toMatch(/imported-mt\n +task +translate, t5\n/);
    const run = await veer(
      ['translate', text, '--model', 'imported-mt', '--format', 'json'],
      settings,
    );
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(resultSchema.parse(JSON.parse(run.stdout)).model.id).toBe('imported-mt');
  });

  it('lists models with their proxies, and every device with a reason', async () => {
    const [models, devices] = await Promise.all([veer(['models']), veer(['devices'])]);
    expect(models).toMatchObject({ code: 0, stderr: '' });
    for (const id of RECOGNISERS) {
      expect(models.stdout).toMatch(
        new RegExp(`${id}\n +task +transcribe, whisper\n +languages +en\n`),
      );
    }
    for (const id of TRANSLATORS) {
      expect(models.stdout).toMatch(
        new RegExp(`${id}\n +task +translate, t5\n +languages +en ⇄ de\n`),
      );
    }
    expect(models.stdout).toMatch(/proxies +chrf-attention: predicts chrf/);
    expect(devices).toMatchObject({ code: 0, stderr: '' });
    expect(devices.stdout).toMatch(/^cpu +yes +\S/m);
    const lines = devices.stdout.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'cpu',
      'webgpu',
      'cuda',
      'dml',
      'coreml',
    ]);
    for (const line of lines) expect(line).toMatch(/^\w+ +(yes|no) +\S.{5,}/);
  });
});
