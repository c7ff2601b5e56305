/** `npm run evaluate`: what perturbation does to the output of the bundled models. */

import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chosenModels } from '../../dev-inputs.ts';
import { logProgress } from '../../progress.ts';
import { limitOption } from '../limit-option.ts';
import { detailsPage } from './details-page.ts';
import { type MeasureOptions, measureRecogniser, measureTranslator } from './measure-subject.ts';
import {
  FIRST_SEED,
  fileOf,
  type Results,
  readOtherSeeds,
  readResults,
  type SubjectResults,
  writeResults,
} from './results-file.ts';
import { resultsPage } from './results-page.ts';
import { plotsOf } from './results-plots.ts';
import { readStepCosines } from './true-gradient.ts';

const DOCS = resolve(import.meta.dirname, '../../../docs');
const RESAMPLES = 2000;

/**
 * Writes results/results.json, the plots and pages of it; each model's numbers as soon as it is
 * done. Numbers of models that are not measured stay. Another seed than 1 has a file of its own, whose
 * conclusions are drawn on the same page; five or more apart, two seeds have no random direction in common.
 *
 * @param args `[--model NAME]… [--seed N] [--limit N] [--redraw] [--out FOLDER]`. N inputs of each
 *   condition at most; --redraw measures nothing.
 * @throws VeerError CANCELLED, and what loading a model throws; Error for a wrong option
 */
export async function evaluatePerturbation(
  args: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string', default: `${FIRST_SEED}` },
      limit: { type: 'string', default: 'Infinity' },
      redraw: { type: 'boolean', default: false },
      out: { type: 'string', default: DOCS },
    },
  });
  const seed = Number(values.seed);
  const limit = limitOption(values.limit);
  if (!Number.isInteger(seed) || seed < 0) throw new Error('--seed is a whole number from 0.');
  if (limit < Number.POSITIVE_INFINITY && values.out === DOCS) {
    throw new Error('--limit is for trials: say with --out where they go.');
  }
  const folder = join(values.out, 'results');
  const file = fileOf(folder, seed);
  await mkdir(folder, { recursive: true });
  if (!values.redraw) {
    const models = chosenModels(values.model);
    const options: MeasureOptions = {
      seed,
      bootstrap: { seed, resamples: RESAMPLES },
      limit,
      signal,
    };
    const keep = async (measured: SubjectResults) => {
      const earlier = await readResults(file).catch(() => null);
      await writeResults(file, withSubject(earlier, measured, options));
      logProgress(`${measured.model}: written to ${file}`);
    };
    for (const id of models.transcribe) await keep(await measureRecogniser(id, options));
    for (const id of models.translate) await keep(await measureTranslator(id, options));
  }
  await drawPages(values.out);
}

async function drawPages(out: string): Promise<void> {
  const folder = join(out, 'results');
  const first = fileOf(folder, FIRST_SEED);
  if (!existsSync(first)) {
    logProgress(
      `No pages are drawn: ${first} is not there, so measure with seed ${FIRST_SEED} too.`,
    );
    return;
  }
  const results = await readResults(first);
  for (const [name, svg] of plotsOf(results)) await writeFile(join(folder, name), svg);
  await writeFile(join(folder, 'details.md'), detailsPage(results, await readStepCosines()));
  const page = resultsPage(results, await readOtherSeeds(folder, results));
  await writeFile(join(out, 'results.md'), page);
  logProgress(`${join(out, 'results.md')} written`);
}

function withSubject(
  earlier: Results | null,
  measured: SubjectResults,
  { seed, bootstrap }: MeasureOptions,
): Results {
  const { resamples } = bootstrap;
  const kept = earlier?.subjects ?? [];
  const { transcribe, translate } = chosenModels([]);
  const order = [...transcribe, ...translate];
  return {
    format: 'veer-perturbation-results',
    version: 1,
    command: seed === FIRST_SEED ? 'npm run evaluate' : `npm run evaluate -- --seed ${seed}`,
    seed,
    resamples,
    subjects: [...kept.filter(({ model }) => model !== measured.model), measured].sort(
      (a, b) => order.indexOf(a.model) - order.indexOf(b.model),
    ),
  };
}
