import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { type FrozenModel, trainProxyInputSchema } from '../contract/proxy-training.ts';
import type { Task } from '../contract/result.ts';
import { addTrainOptions, planTraining, type TrainFlags } from './proxy-options.ts';

const FROZEN: FrozenModel = {
  modelDirectory: 'model',
  dtype: null,
  device: 'auto',
  threads: null,
  language: null,
  sourceLanguage: null,
  cacheDirectory: 'cache',
  cacheBytes: 1,
  examples: [{ source: { type: 'text', text: 'x' }, references: [], score: null }],
};

function plan(task: Task, ...args: readonly string[]) {
  const command = addTrainOptions(
    new Command().exitOverride().configureOutput({ writeErr: () => {} }),
  );
  command.parse(args, { from: 'user' });
  return planTraining(command.opts<TrainFlags>(), task, FROZEN, { table: 't.tsv', version: '1' });
}

describe('the options of proxy train', () => {
  test('left out make a request that the engine takes, by the task', () => {
    for (const task of ['transcribe', 'translate'] as const) {
      expect(trainProxyInputSchema.parse(plan(task))).toEqual(plan(task));
    }
    expect(plan('transcribe')).toMatchObject({ metric: 'wer', step: { normalisation: 'token' } });
    expect(plan('translate')).toMatchObject({ metric: 'chrf', id: 'trained-chrf' });
  });

  test('say what the network is and how it steps', () => {
    const mean = plan('translate', '--pooling', 'position-mean', '--inner', '9', '--hidden', '8,4');
    expect(mean.fit.shape).toEqual({ pooling: 'position-mean', inner: 9, hidden: [8, 4] });
    const bare = plan('transcribe', '--value', '0', '--queries', '2', '--normalisation', 'raw');
    expect(bare.fit.shape).toMatchObject({ pooling: 'attention', queries: 2, value: null });
    expect(bare.step).toMatchObject({ normalisation: 'raw', preconditioning: 'covariance' });
  });

  test('know that scores of the user have no predicted error', () => {
    const scores = plan('translate', '--metric', 'score', '--direction', 'lower');
    expect(scores).toMatchObject({ scoreDirection: 'lower-is-better', step: { gate: 'none' } });
  });

  test.each([
    [['--id', 'Über'], /--id must be/],
    [['--id', '../x'], /--id must be/],
    [['--alphas', '0,0.1'], /--alphas must be above 0/],
    [['--epochs', '0'], /epochs/],
    [['--dropout', '1'], /dropout/],
    [['--hidden', '8,x'], /must be a number/],
    [['--metric', 'mood'], /Allowed choices/],
  ])('%j is refused', (args, message) => {
    expect(() => plan('translate', ...args)).toThrow(message);
  });
});
