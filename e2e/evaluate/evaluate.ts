/**
 * `npm run evaluate`: the bundled models and their proxies on all dev data, along the gradient and
 * along its controls. Writes docs/evaluation.md and prints it; progress goes to stderr.
 */

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dtypeSchema } from '../../src-main/contract/devices.ts';
import { decodedTexts } from './decoded-texts.ts';
import { predictedScores } from './predicted-scores.ts';
import { type Evaluation, report, type Settings } from './report.ts';
import { type Subject, speechSubject, translationSubject } from './starter-models.ts';

const ALPHAS = [0.05, 0.1, 0.2, 0.3, 0.5];
const DIRECTION_SEED = 1;
const BOOTSTRAP = { seed: 2, resamples: 2000 };
const REPORT = fileURLToPath(new URL('../../docs/evaluation.md', import.meta.url));

const { values } = parseArgs({
  options: {
    dtype: { type: 'string', default: 'fp32' },
    out: { type: 'string', default: REPORT },
  },
});
const dtype = dtypeSchema.parse(values.dtype);

/** @param subject disposed of when done */
async function evaluate<Input>(title: string, subject: Subject<Input>): Promise<Evaluation> {
  await using loaded = subject;
  const { model, proxy } = loaded;
  const { manifest } = proxy;
  const suggestedAlpha = manifest.encoders[dtype]?.suggestedAlpha ?? 0;
  const alphas = [...new Set([...ALPHAS, suggestedAlpha])]
    .filter((alpha) => alpha > 0)
    .sort((a, b) => a - b);
  progress(`${title}: predicted scores`);
  const scores = await predictedScores(loaded, { alphas, seed: DIRECTION_SEED });
  const texts = await decodedTexts(loaded, {
    alphas,
    seed: DIRECTION_SEED,
    onBatch: (done) => progress(`${title}: ${done} of ${scores.length} inputs decoded`),
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

function progress(line: string): void {
  const seconds = (performance.now() / 1000).toFixed(0);
  process.stderr.write(`${seconds.padStart(4)} s  ${line}\n`);
}

const settings: Settings = {
  command: `npm run evaluate${dtype === 'fp32' ? '' : ` -- --dtype ${dtype}`}`,
  directionSeed: DIRECTION_SEED,
  bootstrap: BOOTSTRAP,
};
const speech = await evaluate('Speech, English', await speechSubject(dtype));
const translation = await evaluate(
  'Translation, English to German',
  await translationSubject(dtype),
);
progress('intervals');
const text = report([speech, translation], settings);
await writeFile(values.out, text);
process.stdout.write(text);
progress(`written to ${values.out}`);
