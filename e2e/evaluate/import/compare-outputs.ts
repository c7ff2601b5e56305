/**
 * Holds lines of veer-outputs.ts against others of the same recordings (README.md):
 *
 *   node compare-outputs.ts OURS.jsonl THEIRS.jsonl
 *
 * Prints, for each pass: recordings with equal ids; of these the largest difference of the mean
 * log-probability, and of the times of words; then every recording with other ids.
 */

import { withMarksMerged } from '../../../src-main/engine/models/whisper/words.ts';
import { type OutputLine, PASSES, type Pass, readOutputLines } from './oracle-lines.ts';

/** Seconds of one encoder position, and a little for rounding. */
const NEAR = 0.02 + 1e-6;

const [ours, theirs] = process.argv.slice(2);
if (!ours || !theirs) throw new Error('OURS.jsonl THEIRS.jsonl');

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}

function meanLogProbability({ ids, logProbability }: Pass): number {
  return logProbability / (ids.length + 1);
}

/** Words with their marks, as OpenAI's `merge_punctuations` joins them. */
function wordsOf({ words }: Pass): Pass['words'] {
  return withMarksMerged(
    words.map(({ word, ...times }) => ({ text: word, ...times, probability: 1 })),
  )
    .map(({ text, start, end }) => ({ word: text.trim(), start, end }))
    .filter(({ word }) => word !== '');
}

function report(title: string, pairs: readonly (readonly [OutputLine, Pass, Pass])[]): void {
  const same = pairs.filter(([, own, other]) => own.ids.join() === other.ids.join());
  const largest = (numbers: readonly number[]) => Math.max(0, ...numbers);
  const off = same.map(([, own, other]) =>
    Math.abs(meanLogProbability(own) - meanLogProbability(other)),
  );
  write(`${title}: ids equal in ${same.length} of ${pairs.length}`);
  write(`  mean log-probability: largest difference ${largest(off).toExponential(1)}`);
  const times: number[] = [];
  for (const [{ file }, own, other] of same) {
    const [found, expected] = [wordsOf(own), wordsOf(other)];
    if (found.map(({ word }) => word).join('|') !== expected.map(({ word }) => word).join('|')) {
      write(`  ${file}: other words`);
      continue;
    }
    for (const [i, { start, end }] of expected.entries()) {
      times.push(Math.abs((found[i]?.start ?? Number.NaN) - start));
      times.push(Math.abs((found[i]?.end ?? Number.NaN) - end));
    }
  }
  const near = times.filter((time) => time <= NEAR).length;
  const share = ((100 * near) / times.length).toFixed(2);
  write(
    `  starts and ends of words: ${near} of ${times.length} (${share} %) within 0.02 s, largest difference ${largest(times).toFixed(2)} s`,
  );
  for (const [{ file }, own, other] of pairs) {
    if (own.ids.join() === other.ids.join()) continue;
    const { at, ours: mine, theirs: its, gap } = own.difference ?? {};
    const detail = `first at ${at}: ${mine} against ${its}, preferred by ${gap?.toExponential(1)} nats`;
    write(`  ${file}: ${own.difference ? detail : `"${own.text}" against "${other.text}"`}`);
  }
}

const own = await readOutputLines(ours);
const others = new Map((await readOutputLines(theirs)).map((line) => [line.file, line]));
for (const language of new Set(own.map((line) => line.language))) {
  for (const name of PASSES) {
    const pairs = own.flatMap((line) => {
      const [mine, its] = [line[name], others.get(line.file)?.[name]];
      return line.language === language && mine && its ? [[line, mine, its] as const] : [];
    });
    if (pairs.length > 0) report(`${language}, ${name}`, pairs);
  }
}
