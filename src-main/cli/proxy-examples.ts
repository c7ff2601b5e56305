/**
 * Examples to train a proxy on, from a table (.tsv, .csv, .jsonl) or a folder of pairs
 * (docs/proxies.md has the formats). Everything is checked before anything is run.
 */

import { readdir, stat } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { z } from 'zod';
import { VeerError } from '../contract/errors.ts';
import type { TrainingExample } from '../contract/proxy-training.ts';
import type { Task } from '../contract/result.ts';
import { readTextFile } from '../documents/plain-text.ts';
import { parseCommas, parseTabs, type TableRow } from './delimited-text.ts';

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const jsonRowSchema = z.strictObject({
  audio: z.string().min(1).optional(),
  source: z.string().min(1).optional(),
  reference: texts.optional(),
  references: texts.optional(),
  score: z.number().optional(),
});

/** Column names of a first row that is a heading. */
const COLUMNS = ['audio', 'source', 'reference', 'score'] as const;
type Column = (typeof COLUMNS)[number];

/** Of pairs: `x.wav` with `x.txt`. */
const REFERENCE_ENDING = '.txt';

/**
 * @param path of the table or the folder
 * @param task of the model: it listens to files, or reads texts
 * @throws VeerError FILE_NOT_FOUND, OPTION_INVALID naming the line, and those of reading texts
 */
export async function readExamples(path: string, task: Task): Promise<TrainingExample[]> {
  const entry = await stat(path).catch(() => null);
  if (entry?.isDirectory()) return readPairs(path, task);
  const { text } = await readTextFile(path);
  const folder = dirname(resolve(path));
  const examples = rowsOf(path, text).map((row) => toExample(row, task, path, folder));
  if (examples.length > 0) return examples;
  throw new VeerError('OPTION_INVALID', `${path} has no examples.`);
}

interface Row {
  readonly line: number;
  readonly input: string;
  /** Named by a heading or a key; null where the place in the row says it. */
  readonly named: 'audio' | 'source' | null;
  readonly references: readonly string[];
  readonly score: number | null;
}

function rowsOf(path: string, text: string): readonly Row[] {
  switch (extname(path).toLowerCase()) {
    case '.jsonl':
      return jsonRows(path, text);
    case '.csv':
      return tableRows(path, parseCommas(text));
    case '.tsv':
      return tableRows(path, parseTabs(text));
    default:
      throw new VeerError(
        'OPTION_INVALID',
        `${path} is no table that can be read. Use .tsv, .csv or .jsonl, or a folder of pairs.`,
      );
  }
}

/** A heading with known names, or: input, then its references. */
function tableRows(path: string, rows: readonly TableRow[]): readonly Row[] {
  const [first] = rows;
  if (first === undefined) return [];
  const names = first.fields.map((name) => name.trim().toLowerCase());
  const known = (name: string): name is Column => (COLUMNS as readonly string[]).includes(name);
  if (!names.some(known)) {
    return rows.map(({ line, fields: [input = '', ...references] }) => ({
      line,
      input,
      named: null,
      references,
      score: null,
    }));
  }
  const unknown = names.find((name) => !known(name));
  if (unknown !== undefined) {
    throw wrong(path, first.line, `a column "${unknown}"; columns: ${COLUMNS.join(', ')}`);
  }
  return rows.slice(1).map(({ line, fields }) => {
    const all = (column: Column) => fields.filter((_, i) => names[i] === column);
    const named = names.includes('audio') ? 'audio' : 'source';
    const [input = ''] = all(named);
    const [score] = all('score');
    return { line, input, named, references: all('reference'), score: scoreOf(score, path, line) };
  });
}

function jsonRows(path: string, text: string): readonly Row[] {
  return text.split('\n').flatMap((row, i) => {
    if (row.trim() === '') return [];
    const parsed = jsonRowSchema.safeParse(parseJson(row));
    if (!parsed.success) throw wrong(path, i + 1, `no JSON object of ${COLUMNS.join(', ')}`);
    const { audio, source, reference = [], references = [], score = null } = parsed.data;
    return [
      {
        line: i + 1,
        input: audio ?? source ?? '',
        named: audio === undefined ? ('source' as const) : ('audio' as const),
        references: [...reference, ...references],
        score,
      },
    ];
  });
}

function toExample(row: Row, task: Task, path: string, folder: string): TrainingExample {
  const { line, input, named, score } = row;
  const references = row.references.map((text) => text.trim()).filter((text) => text !== '');
  if (input.trim() === '') throw wrong(path, line, 'no audio or source');
  const wanted = task === 'transcribe' ? 'audio' : 'source';
  if (named !== null && named !== wanted) {
    throw wrong(path, line, `${named}, but the model needs ${wanted}`);
  }
  const source =
    task === 'transcribe'
      ? { type: 'audio' as const, path: resolve(folder, input.trim()) }
      : { type: 'text' as const, text: input.trim() };
  return { source, references, score };
}

/** Every file with a text of the same name beside it; a recogniser alone has such pairs. */
async function readPairs(folder: string, task: Task): Promise<TrainingExample[]> {
  if (task !== 'transcribe') {
    throw new VeerError(
      'OPTION_INVALID',
      `${folder} is a folder. For a translator give a table of sources and references.`,
    );
  }
  const names = new Set(await readdir(folder));
  const examples: TrainingExample[] = [];
  for (const name of [...names].sort()) {
    const ending = extname(name);
    const reference = `${name.slice(0, name.length - ending.length)}${REFERENCE_ENDING}`;
    if (ending === REFERENCE_ENDING || !names.has(reference)) continue;
    const { text } = await readTextFile(join(folder, reference));
    const source = { type: 'audio' as const, path: resolve(folder, name) };
    examples.push({ source, references: [text.trim()], score: null });
  }
  if (examples.length > 0) return examples;
  throw new VeerError(
    'OPTION_INVALID',
    `${folder} has no pairs: for each recording x.wav a text x.txt with what is said in it.`,
  );
}

function scoreOf(text: string | undefined, path: string, line: number): number | null {
  if (text === undefined || text.trim() === '') return null;
  const score = Number(text);
  if (Number.isFinite(score)) return score;
  throw wrong(path, line, `a score "${text}" that is no number`);
}

function wrong(path: string, line: number, what: string): VeerError {
  return new VeerError('OPTION_INVALID', `${path}, line ${line} has ${what}.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
