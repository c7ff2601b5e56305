/** One bundled model on dev and on test, as numbers. */

import { automaticAlphas } from '../../../src-main/contract/alpha-choice.ts';
import { DIRECTIONS, type TranslationDirection } from '../../dev-inputs.ts';
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
import { cellsOf, choicesOf, correlationsOf, smallStepsOf, sweepOf } from './summaries.ts';

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

/**
 * @param id of a bundled recogniser
 * @throws VeerError CANCELLED, and what loading a model throws
 */
export async function measureRecogniser(
  id: string,
  options: MeasureOptions,
): Promise<SubjectResults> {
  await using subject = await speechSubject(id, 'fp32', THREADS);
  const parts = async (split: Split) => [
    { subject, inputs: await speechInputs(split, Math.min(options.limit, MOST.transcribe[split])) },
  ];
  return await measure('transcribe', subject, parts, options);
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
  await using first = await translationSubject(id, 'fp32', DIRECTIONS[0], THREADS);
  await using second = await translationSubject(id, 'fp32', DIRECTIONS[1], THREADS);
  const inputs = (split: Split, direction: TranslationDirection) =>
    translationInputs(split, direction, Math.min(options.limit, MOST.translate[split]));
  const parts = async (split: Split) => [
    { subject: first, inputs: await inputs(split, DIRECTIONS[0]) },
    { subject: second, inputs: await inputs(split, DIRECTIONS[1]) },
  ];
  return await measure('translate', first, parts, options);
}

interface Part<Input> {
  readonly subject: Subject<Input>;
  readonly inputs: readonly EvaluationInput<Input>[];
}

async function measure<Input extends { readonly length: number }>(
  task: SubjectResults['task'],
  { model, proxy }: Subject<Input>,
  parts: (split: Split) => Promise<readonly Part<Input>[]>,
  { seed, bootstrap, signal }: MeasureOptions,
): Promise<SubjectResults> {
  const { manifest, identity } = proxy;
  const alpha = manifest.encoders.fp32?.suggestedAlpha ?? 0;
  const { metric } = manifest;
  const { id } = model.identity;
  const decode = async (
    split: Split,
    list: readonly Part<Input>[],
    plan: (domain: Domain) => Pick<DecodePlan<Input>, 'runs' | 'choose'>,
  ) => {
    const decoded: DecodedInput[] = [];
    for (const part of list) {
      for (const domain of DOMAINS) {
        const own = part.inputs.filter((input) => input.domain === domain);
        const onBatch = (done: number) =>
          logProgress(`${id}: ${split}, ${domain}, ${done} of ${own.length}`);
        decoded.push(
          ...(await decodeInputs(part.subject, own, { ...plan(domain), signal, onBatch })),
        );
      }
    }
    return decoded;
  };

  const sweep = [...new Set([...SWEEP, alpha])].sort((a, b) => a - b);
  const dev = await decode('dev', await parts('dev'), (domain) => {
    return { runs: sweepRuns(domain, sweep, { seed, suggested: alpha }) };
  });
  const candidates = automaticAlphas(alpha);
  const choose = candidateChoice<Input>(candidates, { metric, seed, signal });
  const test = await decode('test', await parts('test'), (domain) => {
    return { runs: confirmationRuns(domain, { alpha, candidates, seed }), choose };
  });
  logProgress(`${id}: intervals`);
  const summary = { metric, bootstrap };
  const count = (domain: Domain) => dev.filter((input) => input.domain === domain).length;
  return {
    model: id,
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
    examples: examplesOf(test, { alpha, metric }),
  };
}
