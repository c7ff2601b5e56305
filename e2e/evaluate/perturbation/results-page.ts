/** docs/results.md: what a newcomer needs to know, on one page. */

import { table } from '../../markdown-table.ts';
import { EXAMPLE_RULE } from './examples.ts';
import { gainCell, signed } from './gain-cell.ts';
import type { Cell, Example, Results, SubjectResults } from './results-file.ts';
import { plotName } from './results-plots.ts';
import { claims, verdict } from './verdict.ts';

/** @param others measured with other seeds */
export function resultsPage(results: Results, others: readonly Results[]): string {
  const { subjects } = results;
  return `${[
    introduction(results),
    `## In short\n\n${verdict(subjects)}`,
    `## Shifted test data\n\n${cellTable(subjects, 'shifted')}`,
    `## In-domain test data\n\n${cellTable(subjects, 'in-domain')}`,
    plots(subjects),
    advice(),
    examples(subjects),
    ...others.map(otherSeed),
    reproduce(results),
  ].join('\n\n')}\n`;
}

function introduction({ command }: Results): string {
  return `# What perturbation does to the output

Written by \`${command}\`; do not edit. The model stays frozen. A small proxy predicts from the encoder output how good
the text will be; a step of size α along its gradient is added to the encoder output before decoding
([perturbation.md](perturbation.md)). Here is what came of it: gains in points of WER (speech) and of mean sentence
chrF (translation), **above zero where the text became better**, with 95 % intervals. *Shifted* is input that the
models were not made for: noise, telephone, fast speech, an unseen voice; text with typing errors, without case and
punctuation. *In-domain* is input like that of their training.`;
}

function cellTable(subjects: readonly SubjectResults[], domain: Cell['domain']): string {
  const shifted = domain === 'shifted';
  const rows = subjects.flatMap(({ model, alpha, test }) =>
    test.cells
      .filter((cell) => cell.domain === domain && cell.condition === 'all')
      .map((cell) => [
        `${model}, ${cell.search}`,
        `${alpha}`,
        cell.plain.toFixed(2),
        gainCell(cell.gain),
        ...(shifted ? [cell.random, cell.flipped, cell.overRandom].map(gainCell) : []),
      ]),
  );
  const controls = shifted ? ['random direction', 'wrong sign', 'over random'] : [];
  return table(['model, search', 'α', 'plain', 'gain', ...controls], rows);
}

/** Read from the numbers by a person; to be read again when they change. */
function advice(): string {
  return `## When to use it, and when not

Read from these tables by a person, for the bundled models.

- **Text without capitals and punctuation** (raw transcripts), with typing errors or not: use it. It gains 1 to 2 points of
  chrF with every search, also beside beams: about as much as four beams do, at twice the decoder rows where plain
  text is wanted too, and at none more where it is not. With typing errors alone no gain is shown on dev, at these
  α (\`models/training/results/perturbation-trials.md\`).
- **Speech in hard noise** (−10 to 5 dB): use it. Both recognisers gain 5 to 6 points there, the smaller one also on the
  telephone and with an unseen voice in noise. Nothing is shown for fast speech or an unseen voice without noise. Beams come first:
  four of them gain 5 to 6 points over all shifted speech, and a step adds 1 to 3 to that.
- **Input like that of the training**: it does no harm that could be shown, and no good. Where little error is predicted
  the gate is shut: of the larger recogniser's in-domain texts not one changed.
- **Several sentences as one input**: no. On dev the translators' gain was lost there, or worse
  (\`models/training/results/perturbation-trials.md\`). The app cuts texts into sentences.
- **Not sure?** *Choose for me*, or \`--alpha auto\`, decodes four step sizes and keeps the text most like the others. In none of
  the eight pairs of model and domain is it shown to be worse than plain, and on shifted input it is better for all four models
  and better than random steps chosen in the same way; beside 4 beams it is better for the smaller translator, equal for the
  larger, and behind them for speech ([details](results/details.md)).

**What it costs**: one run of the proxy, 3 to 13 % of the time of plain text (most for the smaller models, whose proxies are
the mean of three fits), and a second decoding where plain text is wanted too; together 1.1 to 1.6 times plain
([benchmarks](benchmarks.md)).

**What it is**: these proxies were fitted to predict the metric *and*, through the frozen decoder and with references, so that
their step raises log p of the reference and, for speech, lowers the expected word errors. Fitted to the score alone, as in
the paper, the recognisers' proxies steered no better than a random direction (cosine with the true gradient 0.00) although
their score correlated at 0.6 to 0.7. Now the cosine on shifted dev input is 0.07 to 0.11 for text, 0.007 to 0.022 for noise
and telephone, and 0.00 for fast speech and what is like the training ([details](results/details.md)). So this is close to a
small trained adapter that has the form of a gradient. At run time no reference is needed, and α = 0 is the plain model, bit for bit.`;
}

function plots(subjects: readonly SubjectResults[]): string {
  const images = subjects.map(
    (subject) => `![Gain against α for ${subject.model}](results/${plotName(subject)})`,
  );
  return `## Step size\n\nOn dev, where α was chosen; bars are intervals.\n\n${images.join('\n')}`;
}

function examples(subjects: readonly SubjectResults[]): string {
  const sections = subjects.map(({ model, examples: list }) => {
    return `### ${model}\n\n${list.map(example).join('\n\n')}`;
  });
  return `## Before and after

Chosen by a rule: ${EXAMPLE_RULE}.

${sections.join('\n\n')}`;
}

function example({ condition, reference, plain, perturbed, gain }: Example): string {
  return [
    `- ${condition}, ${signed(gain, 1)} points`,
    `  - should be: “${reference}”`,
    `  - plain: “${plain}”`,
    `  - perturbed: “${perturbed}”`,
  ].join('\n');
}

/** Other random directions and other resamples; the texts of the steps are the same. */
function otherSeed({ command, seed, subjects }: Results): string {
  const rows = subjects.flatMap(({ model, test }) =>
    test.cells
      .filter(({ domain, condition }) => domain === 'shifted' && condition === 'all')
      .map(({ search, gain, random, overRandom }) => [
        `${model}, ${search}`,
        ...[gain, random, overRandom].map(gainCell),
      ]),
  );
  return `## With seed ${seed}

\`${command}\`: other random directions, other resamples.

${claims(subjects)
  .map((line) => `- ${line}`)
  .join('\n')}

${table(['model, search', 'gain', 'random direction', 'over random'], rows)}`;
}

function reproduce({ command, seed, resamples }: Results): string {
  return `## How it was measured

- \`${command}\` measures everything again on any machine with Node (about an hour on two cores), and writes this page, its
  plots, [the details](results/details.md) and [all numbers](results/results.json). \`npm run evaluate -- --redraw\`
  writes the pages and plots from the numbers.
- fp32, CPU, through the engine of the app. Inputs: \`e2e/fixtures/perturbation\`. α and everything else was chosen on dev;
  test was for this alone.
- Intervals: paired bootstrap over inputs, ${resamples} resamples, seed ${seed}. With so many of them some leave zero by chance.
- Random directions have the length of the proxy's step at every position: 5 seeds for greedy search, 2 with beams;
  their mean is shown.
- Time per stage, proxy and second decoding included: [benchmarks.md](benchmarks.md).`;
}
