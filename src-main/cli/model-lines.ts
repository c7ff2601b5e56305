/** What a model can do, in lines: a name on the left, what there is to say beside it. */

import type { Direction } from '../contract/languages.ts';
import { FAMILIES } from '../contract/model-families.ts';
import { type Family, isFamily } from '../contract/model-layout.ts';
import type { ModelEntry } from '../model-store/list-models.ts';
import type { SpeechAbilities } from '../model-store/read-abilities.ts';
import { isProven, type ProxyEntry } from '../model-store/read-proxies.ts';
import { wrap } from './columns.ts';

/** Characters of a line; only lines with a path go beyond. */
const WIDTH = 80;
const LABEL_WIDTH = 13;
/** More than these are counted in the list of models. */
const MOST_LANGUAGES = 8;

/** @param whole every language, and what each proxy was measured on and the family was tested with */
export function modelLines(model: ModelEntry, whole: boolean): readonly string[] {
  const size = `${(model.bytes / 1e6).toFixed(1)} MB`;
  return [
    ...labelled('task', wrapped(`${model.task}, ${model.family}`)),
    ...labelled('languages', wrapped(languagesOf(model, whole))),
    ...(whole && model.sources.length > 0
      ? labelled('reads', wrapped(model.sources.join(', ')))
      : []),
    ...(model.speech === null ? [] : speechLines(model.speech)),
    ...labelled('dtypes', wrapped(`${model.dtypes.join(', ')}; ${size}`)),
    ...labelled('proxies', proxyLines(model, whole)),
    ...(whole && isFamily(model.family) ? familyLines(model.family) : []),
    ...model.notes.flatMap((note) => labelled('note', wrapped(note))),
    ...labelled('folder', [model.directory]),
  ];
}

/** The label before the first line. */
function labelled(label: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, i) => `  ${(i === 0 ? label : '').padEnd(LABEL_WIDTH)}${line}`);
}

function wrapped(text: string): readonly string[] {
  return wrap(text, WIDTH - 2 - LABEL_WIDTH);
}

function speechLines(speech: SpeechAbilities): readonly string[] {
  const { timestamps, wordTimes, detectsLanguage, toEnglish, windowSeconds } = speech;
  const words = {
    yes: 'yes',
    no: 'no',
    graphs: 'if its graphs have cross-attention',
  }[wordTimes];
  return [
    ...labelled('timestamps', [timestamps ? 'yes' : 'no']),
    ...labelled('word times', [words]),
    ...(detectsLanguage ? labelled('detects', ['the language']) : []),
    ...(toEnglish ? labelled('translates', ['into English']) : []),
    ...(windowSeconds === null ? [] : labelled('window', [`${windowSeconds} s`])),
  ];
}

function familyLines(family: Family): readonly string[] {
  const tested = FAMILIES[family].tested.replaceAll('`', '');
  return labelled('family', wrapped(`${family}, tested with ${tested}`));
}

/** The default first. */
function languagesOf({ directions, sources }: ModelEntry, whole: boolean): string {
  const [first] = directions;
  if (first === undefined) return 'not stated';
  const list = (tags: readonly string[]) =>
    whole || tags.length <= MOST_LANGUAGES ? tags.join(', ') : `${tags.length} languages`;
  if (first.source === first.target) return list(directions.map(({ target }) => target));
  if (sources.length > 0 && !whole) {
    return `${list(sources)}; reads ${first.source} where nothing else is said`;
  }
  return translations(directions)
    .map(({ source, arrow, targets }) => `${source} ${arrow} ${list(targets)}`)
    .join('; ');
}

interface Translations {
  readonly source: string;
  readonly arrow: '→' | '⇄';
  readonly targets: readonly string[];
}

/** Pairs that go both ways, and what is left by its source. */
function translations(directions: readonly Direction[]): readonly Translations[] {
  const isBoth = ({ source, target }: Direction) =>
    directions.some((other) => other.source === target && other.target === source);
  const pairs = directions.filter((direction, i) => {
    const opposite = ({ source, target }: Direction) =>
      source === direction.target && target === direction.source;
    return isBoth(direction) && !directions.slice(0, i).some(opposite);
  });
  const bySource = Map.groupBy(
    directions.filter((direction) => !isBoth(direction)),
    ({ source }) => source,
  );
  const targetsOf = (some: readonly Direction[]) => [...new Set(some.map(({ target }) => target))];
  return [
    ...pairs.map(({ source, target }) => ({ source, arrow: '⇄' as const, targets: [target] })),
    ...[...bySource].map(([source, some]) => ({
      source,
      arrow: '→' as const,
      targets: targetsOf(some),
    })),
  ];
}

function proxyLines({ proxies, brokenProxies }: ModelEntry, whole: boolean): readonly string[] {
  const lines = [
    ...proxies.flatMap((proxy) => proxyTexts(proxy, whole)).flatMap(wrapped),
    // They name a file.
    ...brokenProxies.map(({ id, problem }) => `${id}: ${problem}`),
  ];
  return lines.length === 0 ? ['none'] : lines;
}

function proxyTexts({ manifest }: ProxyEntry, whole: boolean): readonly string[] {
  const { id, metric, parameters, encoders } = manifest;
  return [
    `${id}: predicts ${metric} (${parameters} parameters)`,
    ...Object.entries(encoders).map(([dtype, measured]) => {
      const [low, high] = measured.interval;
      const proven = isProven(measured) ? 'gain' : 'no proven gain';
      const condition = whole ? ` on ${measured.condition}` : '';
      return `${dtype}: suggested α ${measured.suggestedAlpha}, ${proven} ${measured.gain.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]${condition}`;
    }),
  ];
}
