/** `npm run evaluate -- choice`: what choosing α by evidence gains, beside its baselines. */

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { automaticAlphas } from '../../../src-main/contract/alpha-choice.ts';
import { throwIfCancelled } from '../../../src-main/contract/errors.ts';
import { Random } from '../../../src-main/evaluation/random.ts';
import { chosenModels, DIRECTIONS } from '../../dev-inputs.ts';
import { logProgress } from '../../progress.ts';
import { type DevInput, speechDev, translationDev } from '../dev-data.ts';
import { type Subject, speechSubject, translationSubject } from '../subjects.ts';
import { speechTest, translationTest } from './bundled-inputs.ts';
import { type ChosenTexts, chosenTexts } from './candidate-sets.ts';
import { type ChoiceEvaluation, type ChoiceSettings, choiceReport } from './choice-report.ts';

const REPORT = fileURLToPath(new URL('../../../docs/automatic-alpha.md', import.meta.url));
const RANDOM_SEED = 1;
const BOOTSTRAP = { seed: 2, resamples: 2000 };

/**
 * Writes docs/automatic-alpha.md and prints it.
 *
 * @param args `[--model NAME]… [--set dev|test] [--limit N] [--out FILE]`; N inputs of a set at most
 * @throws VeerError CANCELLED, and what loading a model throws; Error for a wrong option
 */
export async function evaluateChoice(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', multiple: true, default: [] },
      set: { type: 'string', default: 'dev' },
      limit: { type: 'string', default: 'Infinity' },
      out: { type: 'string', default: REPORT },
    },
  });
  const { set } = values;
  if (set !== 'dev' && set !== 'test') throw new Error(`--set is dev or test, not "${set}".`);
  const limit = Number(values.limit);
  if (!(limit >= 1)) throw new Error(`--limit must be 1 or more, not "${values.limit}".`);
  const models = chosenModels(values.model);
  const evaluations: ChoiceEvaluation[] = [];
  for (const id of models.transcribe) {
    const inputs = set === 'dev' ? await speechDev() : await speechTest(limit);
    const subject = await speechSubject(id, 'fp32', inputs);
    evaluations.push(await evaluate(`${id}: English speech`, subject, signal));
  }
  for (const id of models.translate) {
    for (const direction of DIRECTIONS) {
      const inputs =
        set === 'dev' ? await translationDev(direction) : await translationTest(direction, limit);
      const subject = await translationSubject(id, 'fp32', direction, inputs);
      evaluations.push(await evaluate(`${id}: ${direction}`, subject, signal));
    }
  }
  const settings: ChoiceSettings = {
    command: ['npm run evaluate -- choice', ...args].join(' '),
    set,
    randomSeed: RANDOM_SEED,
    bootstrap: BOOTSTRAP,
  };
  const text = choiceReport(evaluations, settings);
  await writeFile(values.out, text);
  process.stdout.write(text);
  logProgress(`written to ${values.out}`);
}

/** @param subject disposed of when done */
async function evaluate<Input>(
  title: string,
  subject: Subject<Input>,
  signal: AbortSignal,
): Promise<ChoiceEvaluation> {
  await using loaded = subject;
  const { manifest } = loaded.proxy;
  const [, ...alphas] = automaticAlphas(manifest.encoders.fp32?.suggestedAlpha ?? 0);
  const random = new Random(RANDOM_SEED);
  const inputs: ChosenTexts[] = [];
  for (const batch of loaded.batches as readonly (readonly DevInput<Input>[])[]) {
    throwIfCancelled(signal);
    inputs.push(...(await chosenTexts(batch, loaded, { alphas, random, signal })));
    logProgress(`${title}: ${inputs.length} inputs`);
  }
  return { title, metric: manifest.metric, alphas, inputs };
}
