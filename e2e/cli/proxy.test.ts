/** `veer proxy`: training on a bundled model, and using what came of it. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProxyManifest, proxyManifestSchema } from '../../src-main/contract/model-layout.ts';
import { resultSchema } from '../../src-main/contract/result.ts';
import { sha256OfFile } from '../../src-main/engine/files/sha256.ts';
import {
  MODELS_DIRECTORY,
  RECOGNISERS,
  SAMPLES_DIRECTORY,
  speechDev,
  spread,
  TRANSLATORS,
  translationDev,
} from '../dev-inputs.ts';
import { ModelCopy } from './test-model-copies.ts';
import { type Outcome, startVeer, TestFolder, veer } from './test-veer.ts';

const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());
const letter = join(SAMPLES_DIRECTORY, 'letter.en.txt');
const model = new ModelCopy(
  join(MODELS_DIRECTORY, TRANSLATORS[1]),
  join(folder.path, 'translator'),
);
const cache = join(folder.path, 'cache');
/** Small steps in a short time; the numbers that come of it mean nothing. */
const QUICK = [
  '--batch',
  '16',
  '--epochs',
  '3',
  '--value',
  '8',
  '--hidden',
  '16',
  '--threads',
  '1',
];

const train = (table: string, ...options: readonly string[]) => [
  ...['proxy', 'train', table, '--model', model.path, '--cache', cache],
  ...options,
];
const onModel = (command: string, ...options: readonly string[]) => [
  ...['proxy', command, '--model', model.path],
  ...options,
];

function manifestOf(directory: string, id: string): ProxyManifest {
  const text = readFileSync(join(directory, 'proxies', id, 'proxy.json'), 'utf8');
  return proxyManifestSchema.parse(JSON.parse(text));
}

let table: string;
let pairs: number;
beforeAll(async () => {
  const sentences = spread(await translationDev(), 60);
  pairs = new Set(sentences.map(({ source }) => source)).size;
  const rows = sentences.map(({ source, references }) => [source, ...references].join('\t'));
  table = folder.write('pairs.tsv', rows.join('\n'));
});

describe('a trained proxy', () => {
  let outcome: Outcome;
  let graph: string;
  beforeAll(async () => {
    outcome = await veer(train(table, ...QUICK));
    graph = join(model.path, 'proxies', 'trained-chrf', 'proxy.onnx');
  });

  it('is reported with its examples, correlations, gains and times', () => {
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stderr).toMatch(/^proxy 1, epoch 3: loss \d\.\d+, dev Spearman -?\d\.\d+$/m);
    expect(outcome.stdout).toMatch(/^proxy trained-chrf: predicts chrf \(\d+ parameters\)$/m);
    expect(outcome.stdout).toMatch(/^dev: {2}Pearson -?\d\.\d{3}, Spearman/m);
    expect(outcome.stdout).toMatch(/^ {2}α 0\.05: gain .+ points of mean sentence chrF$/m);
    expect(outcome.stdout).toMatch(/^(Suggested α|No step made)/m);
  });

  it('lies beside the model, whole, with all that it came from', async () => {
    expect(folder.list('translator/proxies')).toEqual(['chrf-attention', 'trained-chrf']);
    expect(folder.list('translator').filter((name) => name.startsWith('.'))).toEqual([]);
    const { encoders, training, hiddenSize } = manifestOf(model.path, 'trained-chrf');
    const encoder = join(model.path, 'onnx', 'encoder_model.onnx');
    expect(encoders.fp32?.sha256).toBe(await sha256OfFile(encoder));
    expect(Object.keys(encoders)).toEqual(['fp32']);
    expect(hiddenSize).toBe(128);
    const { train: learned = 0, dev = 0, test = 0 } = training?.examples ?? {};
    expect(learned + dev + test).toBe(pairs);
    expect(training?.dev.gains.map(({ alpha }) => alpha)).toEqual([0.05, 0.1, 0.2, 0.4]);
    const [confirmed] = training?.test.gains ?? [];
    expect(encoders.fp32?.suggestedAlpha).toBe(confirmed?.alpha ?? 0);
    expect(encoders.fp32?.interval).toEqual(confirmed?.interval ?? [0, 0]);
  });

  it('is listed beside the one that came with the model', async () => {
    const { stdout } = await veer(['proxy', 'list', '--model', model.path]);
    expect(stdout).toMatch(/^translator\/chrf-attention: .* came with the model$/m);
    expect(stdout).toMatch(/^translator\/trained-chrf: .* trained here\n {2}fp32: Pearson/m);
  });

  it('is used by compare like any other', async () => {
    const options = ['--model', model.path, '--proxy', 'trained-chrf', '--alpha', '0,0.8'];
    const compared = await veer(['compare', letter, ...options, '--format', 'json']);
    expect(compared.code, compared.stderr).toBe(0);
    const { proxy, segments } = resultSchema.parse(JSON.parse(compared.stdout));
    expect(proxy).toMatchObject({ id: 'trained-chrf', metric: 'chrf' });
    const changed = segments.filter(({ variants: [a, b] }) => a?.text !== b?.text);
    expect(changed.length).toBeGreaterThan(0);
    expect(segments.every(({ predictedScore }) => predictedScore !== null)).toBe(true);
  });

  it('comes out the same again, and nothing is encoded for it', async () => {
    const before = { graph: readFileSync(graph), stored: stored() };
    const again = await veer(train(table, ...QUICK, '--replace'));
    expect(again.code, again.stderr).toBe(0);
    expect(readFileSync(graph).equals(before.graph)).toBe(true);
    expect(stored()).toBe(before.stored);
  });

  it('can be measured on other examples', async () => {
    const options = ['--proxy', 'trained-chrf', '--alpha', '0.1', '--cache', cache];
    const { stdout, stderr, code } = await veer(onModel('evaluate', table, ...options));
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^60 examples: Pearson -?\d\.\d{3}, Spearman -?\d\.\d{3}$/m);
    expect(stdout).toMatch(/^ {2}α 0\.1: gain /m);
  });

  it('is deleted by its name', async () => {
    expect((await veer(onModel('delete', 'trained-chrf'))).code).toBe(0);
    expect(folder.list('translator/proxies')).toEqual(['chrf-attention']);
  });

  /** Lines of what is stored of the translator. */
  function stored(): string {
    const [name = ''] = folder.list('cache');
    return readFileSync(join(cache, name, 'outputs.jsonl'), 'utf8');
  }
});

describe('training', () => {
  it('learns from recordings, with two members, noise and a layer at every position', async () => {
    const speech = new ModelCopy(
      join(MODELS_DIRECTORY, RECOGNISERS[1]),
      join(folder.path, 'recogniser'),
    );
    const utterances = spread(await speechDev(), 36);
    const rows = utterances.map((one) => JSON.stringify({ audio: one.path, reference: one.text }));
    rows.push(JSON.stringify({ audio: 'gone.wav', reference: 'x' }));
    const options = [
      '--pooling',
      'position-mean',
      '--inner',
      '16',
      '--members',
      '2',
      '--noise',
      '0.1',
    ];
    const { code, stderr } = await veer([
      ...['proxy', 'train', folder.write('speech.jsonl', rows.join('\n')), '--model', speech.path],
      ...['--cache', cache, '--seed', '3', ...QUICK, ...options],
    ]);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/left out: .*gone\.wav/);
    expect(stderr).toMatch(/^proxy 2, epoch 3: /m);
    const { metric, mask, training, preconditioning } = manifestOf(speech.path, 'trained-wer');
    expect({ metric, mask, preconditioning }).toEqual({
      metric: 'wer',
      mask: 'valid',
      preconditioning: 'covariance',
    });
    expect(training?.members).toHaveLength(2);
    expect(training?.examples.skipped).toBe(1);
  });

  it.each([
    ['log-probability', /^-|^0$/],
    ['round-trip-chrf', /^[1-9]\d\./],
  ])('needs no reference to learn %s, and claims no gain', async (metric, mean) => {
    const sources = (await translationDev()).slice(0, 60).map(({ source }) => source);
    const plain = folder.write('sources.tsv', `source\n${sources.join('\n')}`);
    const id = `no-${metric}`;
    const { code, stdout, stderr } = await veer(
      train(plain, '--metric', metric, '--id', id, ...QUICK),
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('no gain was measured');
    const { encoders, direction, training } = manifestOf(model.path, id);
    expect(direction).toBe('higher-is-better');
    expect(`${training?.plain.mean}`).toMatch(mean);
    expect(encoders.fp32).toMatchObject({ suggestedAlpha: 0, gain: 0, interval: [0, 0] });
  });

  it('translates nothing back that was heard', async () => {
    const rows = (await speechDev()).slice(0, 3).map(({ path }) => JSON.stringify({ audio: path }));
    const { code, stderr } = await veer([
      ...['proxy', 'train', folder.write('heard.jsonl', rows.join('\n')), '--cache', cache],
      ...['--model', RECOGNISERS[1], '--metric', 'round-trip-chrf', '--id', 'heard', ...QUICK],
    ]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('Use another --metric');
  });

  it.skipIf(process.platform === 'win32')(
    'that is cancelled leaves nothing half-written, and goes on where it was',
    async () => {
      const endless = [...QUICK, '--epochs', '1000', '--patience', '1000', '--id', 'long'];
      const first = await cancelledAfterEpoch(4, endless);
      expect(first.code, first.stderr).toBe(130);
      expect(first.stderr).toContain('Cancelled.');
      expect(existsSync(join(model.path, 'proxies', 'long'))).toBe(false);
      expect(folder.list('translator').filter((name) => name.startsWith('.'))).toEqual([]);
      const second = await cancelledAfterEpoch(1, endless);
      const epoch = (text: string, from: 'first' | 'last') =>
        Number([...text.matchAll(/epoch (\d+)/g)].at(from === 'first' ? 0 : -1)?.[1]);
      expect(epoch(second.stderr, 'first')).toBeGreaterThan(4);
      expect(epoch(second.stderr, 'first')).toBeLessThanOrEqual(epoch(first.stderr, 'last') + 2);
    },
  );

  /** Runs until that many epochs were reported, then Ctrl-C. */
  async function cancelledAfterEpoch(epochs: number, options: readonly string[]): Promise<Outcome> {
    const running = startVeer(train(table, ...options), { input: '' });
    let seen = '';
    running.child.stderr?.on('data', (text: string) => {
      seen += text;
    });
    while ([...seen.matchAll(/epoch \d+/g)].length < epochs && running.child.exitCode === null) {
      await pause(10);
    }
    running.child.kill('SIGINT');
    return running.outcome;
  }
});
