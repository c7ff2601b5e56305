/** One bundled model on dev and on test, as numbers. */

import { automaticAlphas } from '../../../src-main/contract/alpha-choice.ts';
import type { Dtype } from '../../../src-main/contract/devices.ts';
import { likenessOf } from '../../../src-main/engine/pipeline/choose-alpha.ts';
import { DIRECTIONS } from '../../dev-inputs.ts';
import { logProgress } from '../../progress.ts';
import { type Subject, speechSubject, translationSubject } from '../subjects.ts';
import { candidateChoice } from './candidate-choice.ts';
import { type DecodedInput, type DecodePlan, decodeInputs } from './decode-inputs.ts';
import {
  DOMAINS,
  type Domain,
  type EvaluationInput,
  type Split,
  speechInputs,
  translationInputs,
} from './evaluation-sets.ts';
import { examplesOf } from './examples.ts';
import type { Bootstrap } from './gains.ts';
import { confirmationRuns, SWEEP, sweepRuns } from './plans.ts';
import type { SubjectResults } from './results-file.ts';
import {
  cellsOf,
  choicesOf,
  correlationsOf,
  domainSummary,
  smallStepsOf,
  sweepOf,
} from './summaries.ts';
import { PLAIN } from './variants.ts';

/**
 * Inputs of each condition that are measured, so that all models take about an hour. What is left of the
 * sets has not been looked at.
 */
const MOST = {
  transcribe: { dev: 60, test: 120 },
  translate: { dev: 250, test: 500 },
} as const;

/** One, so that sums are added in the same order on every machine; models can be run side by side. */
const THREADS = 1;

export interface MeasureOptions {
  /** Of random directions and of the bootstrap. */
  readonly seed: number;
  readonly bootstrap: Bootstrap;
  /** At most so many inputs of each condition. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/** Some inputs and what they are put into: a recogniser, or a translator in one direction. */
interface Part<Input> {
  readonly subject: Subject<Input>;
  readonly inputs: readonly EvaluationInput<Input>[];
}

type Parts<Input> = (split: Split) => Promise<readonly Part<Input>[]>;

/**
 * @param id of a bundled recogniser
 * @throws VeerError CANCELLED, and what loading a model throws
 */
export async function measureRecogniser(
  id: string,
  options: MeasureOptions,
): Promise<SubjectResults> {
  const within = async <T>(dtype: Dtype, use: (parts: Parts<Float32Array>) => Promise<T>) => {
    await using subject = await speechSubject(id, dtype, THREADS);
    return await use(async (split) => {
      const most = Math.min(options.limit, MOST.transcribe[split]);
      return [{ subject, inputs: await speechInputs(split, most) }];
    });
  };
  const int8 = await within('int8', (parts) => measureInt8(parts, options));
  return within('fp32', (parts) => measure('transcribe', parts, int8, options));
}

/**
 * Both directions together.
 *
 * @param id of a bundled translator
 * @throws VeerError CANCELLED, and what loading a model throws
 */
export async function measureTranslator(
  id: string,
  options: MeasureOptions,
): Promise<SubjectResults> {
  const within = async <T>(dtype: Dtype, use: (parts: Parts<string>) => Promise<T>) => {
    await using first = await translationSubject(id, dtype, DIRECTIONS[0], THREADS);
    await using second = await translationSubject(id, dtype, DIRECTIONS[1], THREADS);
    return await use(async (split) => {
      const most = Math.min(options.limit, MOST.translate[split]);
      return [
        { subject: first, inputs: await translationInputs(split, DIRECTIONS[0], most) },
        { subject: second, inputs: await translationInputs(split, DIRECTIONS[1], most) },
      ];
    });
  };
  const int8 = await within('int8', (parts) => measureInt8(parts, options));
  return within('fp32', (parts) => measure('translate', parts, int8, options));
}

/** All that is measured in fp32. */
async function measure<Input extends { readonly length: number }>(
  task: SubjectResults['task'],
  parts: Parts<Input>,
  int8: SubjectResults['int8'],
  { seed, bootstrap, signal }: MeasureOptions,
): Promise<SubjectResults> {
  const devParts = await parts('dev');
  const { model, proxy } = subjectOf(devParts);
  const { manifest, identity } = proxy;
  const alpha = manifest.encoders.fp32?.suggestedAlpha ?? 0;
  const { metric } = manifest;
  const sweep = [...new Set([...SWEEP, alpha])].sort((a, b) => a - b);
  const dev = await decodeAll('dev', devParts, (domain) => {
    return { runs: sweepRuns(domain, sweep, { seed, suggested: alpha }), signal };
  });
  const candidates = automaticAlphas(alpha);
  const choose = candidateChoice<Input>(candidates, { likeness: likenessOf(task), seed, signal });
  const test = await decodeAll('test', await parts('test'), (domain) => {
    return { runs: confirmationRuns(domain, { alpha, candidates, seed }), choose, signal };
  });
  logProgress(`${model.identity.id}: intervals`);
  const summary = { metric, bootstrap };
  const count = (domain: Domain) => dev.filter((input) => input.domain === domain).length;
  return {
    model: model.identity.id,
    task,
    dtype: 'fp32',
    encoderSha256: model.identity.encoderSha256,
    decoderSha256: model.identity.decoderSha256,
    proxy: {
      id: identity.id,
      sha256: identity.sha256,
      parameters: manifest.parameters,
      normalisation: manifest.normalisation,
      preconditioning: manifest.preconditioning,
      gate: manifest.gate,
    },
    metric,
    alpha,
    dev: {
      items: { shifted: count('shifted'), inDomain: count('in-domain') },
      shifted: sweepOf(dev, 'shifted', sweep, { ...summary, seed }),
      inDomain: sweepOf(dev, 'in-domain', sweep, { ...summary, seed }),
      smallSteps: smallStepsOf(dev, { ...summary, alpha }),
    },
    test: {
      correlations: correlationsOf(test, metric),
      cells: cellsOf(test, { ...summary, alpha, seed }),
      candidates,
      choices: choicesOf(test, summary),
    },
    int8,
    examples: examplesOf(test, { alpha, metric }),
  };
}

async function measureInt8<Input extends { readonly length: number }>(
  parts: Parts<Input>,
  { bootstrap, signal }: MeasureOptions,
): Promise<SubjectResults['int8']> {
  const testParts = await parts('test');
  const { manifest } = subjectOf(testParts).proxy;
  const alpha = manifest.encoders.int8?.suggestedAlpha ?? 0;
  const variants = [PLAIN, { kind: 'gradient', alpha }] as const;
  const test = await decodeAll('test, int8', testParts, () => {
    return { runs: variants.map((variant) => ({ variant, searches: ['greedy'] })), signal };
  });
  const summary = { alpha, metric: manifest.metric, bootstrap };
  return {
    shifted: domainSummary(test, 'shifted', summary),
    inDomain: domainSummary(test, 'in-domain', summary),
  };
}

async function decodeAll<Input extends { readonly length: number }>(
  title: string,
  parts: readonly Part<Input>[],
  plan: (domain: Domain) => Omit<DecodePlan<Input>, 'onBatch'>,
): Promise<readonly DecodedInput[]> {
  const decoded: DecodedInput[] = [];
  for (const { subject, inputs } of parts) {
    for (const domain of DOMAINS) {
      const own = inputs.filter((input) => input.domain === domain);
      const { id } = subject.model.identity;
      const onBatch = (done: number) =>
        logProgress(`${id}: ${title}, ${domain}, ${done} of ${own.length}`);
      decoded.push(...(await decodeInputs(subject, own, { ...plan(domain), onBatch })));
    }
  }
  return decoded;
}

/** All parts are of one model and one proxy. */
function subjectOf<Input>(parts: readonly Part<Input>[]): Subject<Input> {
  const [first] = parts;
  if (first === undefined) throw new Error('There is nothing to measure.');
  return first.subject;
}
