/** docs/starter-models.md, as text. */

import type { Dtype } from '../../../src-main/contract/devices.ts';
import { table } from '../../markdown-table.ts';
import type {
  ModelEvaluation,
  SpeechEvaluation,
  SpeechMeasurement,
  SpeechScores,
  TranslationEvaluation,
  TranslationMeasurement,
  TranslationScores,
} from './evaluation-file.ts';
import { INT8_LOSS, inOrder, type SetInfo, SPEECH_SETS, TRANSLATION_SETS } from './goals.ts';
import { BOOTSTRAP } from './scores.ts';

export const COMMAND = 'npm run evaluate -- starter';

/** @param evaluations in the order of the report */
export function starterReport(evaluations: readonly ModelEvaluation[]): string {
  const sections = evaluations.flatMap((evaluation) =>
    evaluation.task === 'transcribe' ? speechSection(evaluation) : translationSection(evaluation),
  );
  return `${[introduction(evaluations), ...sections].join('\n\n')}\n`;
}

function introduction(evaluations: readonly ModelEvaluation[]): string {
  const measurements = evaluations.flatMap(({ measurements }) => Object.values(measurements));
  const lines = (of: (measurement: SpeechMeasurement | TranslationMeasurement) => string) =>
    [...new Set(measurements.map(of))].join('; ') || 'nothing was measured yet';
  return `# The starter models, measured

Written by \`${COMMAND}\`; do not edit. The bundled models on the bundled test sets
(\`e2e/fixtures/starter-tests\`), none of which was used for training or for any choice. The same numbers
lie beside each model in \`evaluation.json\`.

- Measured on: ${lines(({ date }) => date)}. Machine: ${lines(({ machine }) => machine)}.
- Plain output (α = 0), greedy search, CPU, through the pipelines of the app. Sound goes file by file,
  so a file of one window is decoded alone. The inputs of a translation set go as the sentences of one
  text: longest first, 32 in a batch. In int8 the inputs of a batch influence each other a little, so
  other batches can give other texts; in fp32 they do not.
- WER: word errors per 100 words of the reference; both texts in lower case, hyphens and other marks
  made spaces, apostrophes inside words kept (\`normaliseForWer\`). S, D, I: substitutions, deletions,
  insertions.
- BLEU and chrF: of the corpus, as sacreBLEU's defaults, against all references of an item, case and
  marks kept.
- Brackets: 95 % bootstrap interval over the items (${BOOTSTRAP.resamples} draws, seed ${BOOTSTRAP.seed}). Goals are judged by the number,
  not by the interval.
- int8 may lose ${INT8_LOSS.wer} WER points or ${INT8_LOSS.bleu} BLEU against fp32 on every set that has a goal.`;
}

/** One verdict, for the list at the head of a model's section. */
interface Verdict {
  readonly met: boolean;
  readonly what: string;
}

interface Row {
  readonly cells: readonly string[];
  readonly verdicts: readonly Verdict[];
}

function speechSection({ model, measurements }: SpeechEvaluation): readonly string[] {
  const { fp32, int8 } = measurements;
  const rows = inOrder(SPEECH_SETS, setNames(measurements)).map((info): Row => {
    const [full, small] = [fp32?.sets[info.name], int8?.sets[info.name]];
    const goal = speechGoal(info, full);
    const loss = difference(small?.wer, full?.wer);
    const int8Goal = lossGoal(info, loss, INT8_LOSS.wer, 'WER points');
    const { items, substitutions, deletions, insertions } = (full ?? small) as SpeechScores;
    return {
      cells: [
        info.title,
        `${items}`,
        scored(full?.wer, full?.interval),
        `${substitutions}, ${deletions}, ${insertions}`,
        goal?.cell ?? '',
        scored(small?.wer, small?.interval),
        lossCell(loss, int8Goal),
      ],
      verdicts: [goal?.verdict, int8Goal].filter((verdict) => verdict !== undefined),
    };
  });
  const head = ['set', 'utterances', 'WER, fp32', 'S, D, I', 'goal', 'WER, int8', 'int8 loses'];
  return section(model, head, rows);
}

function translationSection({ model, measurements }: TranslationEvaluation): readonly string[] {
  const { fp32, int8 } = measurements;
  const rows = inOrder(TRANSLATION_SETS, setNames(measurements)).map((info): Row => {
    const [full, small] = [fp32?.sets[info.name], int8?.sets[info.name]];
    const goal = translationGoal(info, full);
    const loss = difference(full?.bleu, small?.bleu);
    const int8Goal = lossGoal(info, loss, INT8_LOSS.bleu, 'BLEU');
    const { items } = (full ?? small) as TranslationScores;
    return {
      cells: [
        info.title,
        `${items}`,
        scored(full?.bleu, full?.bleuInterval),
        scored(full?.chrf, full?.chrfInterval),
        goal?.cell ?? '',
        scored(small?.bleu, small?.bleuInterval),
        lossCell(loss, int8Goal),
      ],
      verdicts: [goal?.verdict, int8Goal].filter((verdict) => verdict !== undefined),
    };
  });
  const head = ['set', 'items', 'BLEU, fp32', 'chrF, fp32', 'goal', 'BLEU, int8', 'int8 loses'];
  return section(model, head, rows);
}

function section(model: string, head: readonly string[], rows: readonly Row[]): readonly string[] {
  const verdicts = rows.flatMap((row) => row.verdicts);
  const missed = verdicts.filter(({ met }) => !met).map(({ what }) => what);
  const goals =
    missed.length === 0
      ? `All ${verdicts.length} goals are met.`
      : `${verdicts.length - missed.length} of ${verdicts.length} goals are met. Missed: ${missed.join('; ')}.`;
  return [
    `## ${model}`,
    goals,
    table(
      head,
      rows.map(({ cells }) => cells),
    ),
  ];
}

function setNames(
  measurements: Partial<Record<Dtype, { readonly sets: Readonly<Record<string, unknown>> }>>,
): readonly string[] {
  return [...new Set(Object.values(measurements).flatMap(({ sets }) => Object.keys(sets)))];
}

function speechGoal({ goal, title }: SetInfo, scores: SpeechScores | undefined) {
  if (goal === null || scores === undefined) return undefined;
  const met = scores.wer <= goal;
  const what = `${title}: WER ${scores.wer.toFixed(2)} instead of at most ${goal}`;
  return { cell: `≤ ${goal}: ${inWords(met)}`, verdict: { met, what } };
}

function translationGoal({ goal, title }: SetInfo, scores: TranslationScores | undefined) {
  if (goal === null || scores === undefined) return undefined;
  const met = scores.bleu >= goal;
  const what = `${title}: BLEU ${scores.bleu.toFixed(2)} instead of at least ${goal}`;
  return { cell: `≥ ${goal}: ${inWords(met)}`, verdict: { met, what } };
}

function lossGoal(
  { goal, title }: SetInfo,
  loss: number | undefined,
  most: number,
  unit: string,
): Verdict | undefined {
  if (goal === null || loss === undefined) return undefined;
  const what = `${title}: int8 loses ${loss.toFixed(2)} ${unit} instead of at most ${most}`;
  return { met: loss <= most, what };
}

function lossCell(loss: number | undefined, verdict: Verdict | undefined): string {
  if (loss === undefined) return '';
  // With a true minus sign, and no sign for what rounds to zero.
  const size = Math.abs(loss).toFixed(2);
  const signed = Number(size) === 0 ? size : `${loss < 0 ? '−' : ''}${size}`;
  return verdict === undefined ? signed : `${signed}: ${inWords(verdict.met)}`;
}

function inWords(met: boolean): string {
  return met ? 'met' : '**missed**';
}

/** First minus second, where both were measured. */
function difference(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined || second === undefined ? undefined : first - second;
}

function scored(
  score: number | undefined,
  interval: readonly [number, number] | undefined,
): string {
  if (score === undefined || interval === undefined) return '';
  return `${score.toFixed(2)} [${interval.map((bound) => bound.toFixed(2)).join(', ')}]`;
}
