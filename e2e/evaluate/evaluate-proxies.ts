/** The bundled models and their proxies on dev data, along the gradient and along its controls. */

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Dtype } from '../../src-main/contract/devices.ts';
import { chosenModels, DIRECTIONS } from '../dev-inputs.ts';
import { logProgress } from '../progress.ts';
import { decodedTexts } from './decoded-texts.ts';
import { dtypeOption } from './dtype-option.ts';
import { predictedScores } from './predicted-scores.ts';
import { type Evaluation, report, type Settings } from './report.ts';
import { type Subject, speechSubject, translationSubject } from './subjects.ts';

const ALPHAS = [0.05, 0.1, 0.2, 0.3, 0.5];
const DIRECTION_SEED = 1;
const BOOTSTRAP = { seed: 2, resamples: 2000 };
const REPORT = fileURLToPath(new URL('../../docs/evaluation.md', import.meta.url));

/**
 * Writes docs/evaluation.md and prints it.
 *
 * @param args `[--model NAME]… [--dtype fp32] [--out FILE]`
 * @throws VeerError CANCELLED, and what loading a model throws; Error for a wrong option
 */
export async function evaluateProxies(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', multiple: true, default: [] },
      dtype: { type: 'string', default: 'fp32' },
      out: { type: 'string', default: REPORT },
    },
  });
  const dtype = dtypeOption(values.dtype);
  const models = chosenModels(values.model);
  const evaluations: Evaluation[] = [];
  for (const id of models.transcribe) {
    const subject = await speechSubject(id, dtype);
    evaluations.push(await evaluate('English speech', subject, dtype, signal));
  }
  for (const id of models.translate) {
    const ways = { 'en-de': 'English to German', 'de-en': 'German to English' } as const;
    for (const direction of DIRECTIONS) {
      const subject = await translationSubject(id, dtype, direction);
      evaluations.push(await evaluate(ways[direction], subject, dtype, signal));
    }
  }
  logProgress('intervals');
  const options = [
    ...values.model.map((id) => ` --model ${id}`),
    ...(dtype === 'fp32' ? [] : [` --dtype ${dtype}`]),
  ];
  const settings: Settings = {
    command: `npm run evaluate${options.length > 0 ? ` --${options.join('')}` : ''}`,
    directionSeed: DIRECTION_SEED,
    bootstrap: BOOTSTRAP,
  };
  const text = report(evaluations, settings);
  await writeFile(values.out, text);
  process.stdout.write(text);
  logProgress(`written to ${values.out}`);
}

/** @param subject disposed of when done */
async function evaluate<Input>(
  data: string,
  subject: Subject<Input>,
  dtype: Dtype,
  signal: AbortSignal,
): Promise<Evaluation> {
  await using loaded = subject;
  const { model, proxy } = loaded;
  const { manifest } = proxy;
  const title = `${model.identity.id}: ${data}`;
  const suggestedAlpha = manifest.encoders[dtype]?.suggestedAlpha ?? 0;
  const alphas = [...new Set([...ALPHAS, suggestedAlpha])]
    .filter((alpha) => alpha > 0)
    .sort((a, b) => a - b);
  logProgress(`${title}: predicted scores`);
  const scores = await predictedScores(loaded, { alphas, seed: DIRECTION_SEED, signal });
  const texts = await decodedTexts(loaded, {
    alphas,
    seed: DIRECTION_SEED,
    signal,
    onBatch: (done) => logProgress(`${title}: ${done} of ${scores.length} inputs decoded`),
  });
  return {
    title,
    model: model.identity,
    proxy: proxy.identity,
    manifest,
    alphas,
    suggestedAlpha,
    scores,
    texts,
  };
}
