/** docs/evaluation.md, as text. */

import type { ProxyManifest } from '../../src-main/contract/model-layout.ts';
import type { ModelIdentity, ProxyIdentity } from '../../src-main/contract/result.ts';
import type { DecodedTexts } from './decoded-texts.ts';
import { metricsOf } from './metrics.ts';
import { type PredictedScores, SMALLEST_GATE } from './predicted-scores.ts';
import {
  type Bootstrap,
  correlationTable,
  errorKindsTable,
  metricTable,
  predictedTable,
} from './report-tables.ts';
import { verdicts } from './verdicts.ts';

/** Everything measured on one model. */
export interface Evaluation {
  readonly title: string;
  readonly model: ModelIdentity;
  readonly proxy: ProxyIdentity;
  readonly manifest: ProxyManifest;
  /** Ascending, above 0; `suggestedAlpha` is one of them. */
  readonly alphas: readonly number[];
  readonly suggestedAlpha: number;
  readonly scores: readonly PredictedScores[];
  readonly texts: readonly DecodedTexts[];
}

export interface Settings {
  /** As a person would type it. */
  readonly command: string;
  readonly directionSeed: number;
  readonly bootstrap: Bootstrap;
}

export function report(evaluations: readonly Evaluation[], settings: Settings): string {
  const sections = evaluations.map((evaluation) => section(evaluation, settings));
  return `${[introduction(settings), ...sections].join('\n\n')}\n`;
}

function introduction({ command, directionSeed, bootstrap }: Settings): string {
  return `# Evaluation on dev data

Written by \`${command}\`; do not edit. What a step along the proxy's gradient does to the proxy's own
prediction, and what it does to the real metric, beside two controls that any gain must beat: the
flipped sign, and a random direction with the same step length at every position.

**This is dev data**: small, from the split on which α was chosen, so gains here lean to the good
side, and with this many cells some intervals leave zero by chance. It shows how the bundled models
behave; it proves no gain. The confirmation on test data is in \`models/training/results\`.

- Intervals are 95 %: paired bootstrap over inputs (${bootstrap.resamples} draws, seed ${bootstrap.seed}), Wilson for shares.
- Random directions: seed ${directionSeed}, one per input, the same for all α.
- Greedy search, CPU. Other processors may round differently and change single outputs.
- The gate is the share of a full step that the proxy takes; predictions are counted for inputs with
  a gate of at least ${SMALLEST_GATE}, real metrics for all inputs.`;
}

function section(evaluation: Evaluation, { bootstrap }: Settings): string {
  const { title, model, proxy, manifest, alphas, scores, texts } = evaluation;
  const groups = byCondition(texts);
  const counts = [...groups].map(([name, list]) => `${name} ${list.length}`).join(', ');
  const gated = scores.filter(({ gate }) => gate >= SMALLEST_GATE).length;
  const metrics = metricsOf(manifest.metric);
  const [low, high] =
    manifest.metric === 'wer' ? ['lower', 'WER as a fraction of at most 1'] : ['higher', 'chrF'];
  const metricSections = [...groups].map(([name, list]) => {
    const tables = metrics.map((metric) => metricTable(metric, list, alphas, bootstrap));
    const kinds =
      manifest.metric === 'wer'
        ? [`Errors per 100 words along the gradient:\n\n${errorKindsTable(list, alphas)}`]
        : [];
    return [`#### ${name} (${list.length})`, ...tables, ...kinds].join('\n\n');
  });
  return [
    `## ${title}`,
    `- Model \`${model.id}\`, ${model.dtype}: encoder sha256 \`${model.encoderSha256}\`, decoder sha256 \`${model.decoderSha256}\`
- Proxy \`${proxy.id}\`: sha256 \`${proxy.sha256}\`; step ${manifest.normalisation}, preconditioning ${manifest.preconditioning}, gate ${manifest.gate}, suggested α ${evaluation.suggestedAlpha}
- Inputs: ${counts}`,
    `### At the suggested α`,
    verdicts(evaluation, groups, bootstrap),
    `### Predicted ${manifest.metric === 'wer' ? 'WER' : 'chrF'} against α`,
    `Mean improvement of the prediction in points of 100, above zero where it became better, and the
share of inputs whose prediction became better; ${gated} of ${scores.length} inputs have a gate that counts.`,
    predictedTable(scores, alphas, manifest, bootstrap),
    `### Real metric against α`,
    `Differences in points of 100; ${low} is better.`,
    ...metricSections,
    `### Predicted and real metric of the plain output`,
    `Real: ${high}.`,
    correlationTable(groups, manifest),
  ].join('\n\n');
}

/** All inputs, then every condition by name. */
function byCondition(texts: readonly DecodedTexts[]): ReadonlyMap<string, readonly DecodedTexts[]> {
  const names = [...new Set(texts.map(({ condition }) => condition))].sort();
  return new Map([
    ['all', texts],
    ...names.map((name) => [name, texts.filter(({ condition }) => condition === name)] as const),
  ]);
}
