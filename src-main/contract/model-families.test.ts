/** The table of docs/models.md. `vitest run FILE --update` writes it. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { builtBytes } from '../engine/models/builders/build-graphs.ts';
import { FAMILIES, type FamilyFacts } from './model-families.ts';
import type { SourceFormat } from './model-import.ts';

const PAGE = resolve(import.meta.dirname, '../../docs/models.md');
const SECTION = /(<!-- families: .*-->\n)[\s\S]*(<!-- \/families -->)/;

const SOURCES: Readonly<Record<SourceFormat, string>> = {
  onnx: 'ONNX',
  safetensors: 'safetensors',
  ctranslate2: 'CTranslate2',
  argos: 'Argos',
  ggml: 'ggml',
  marian: 'Marian',
};

test('docs/models.md has the table of the families', async () => {
  const rows = Object.entries<FamilyFacts>(FAMILIES).map(([family, facts]) => [
    `\`${family}\``,
    facts.models,
    facts.languages,
    facts.sources.map((source) => SOURCES[source]).join(', '),
    facts.made.join(', ') || 'none',
    facts.abilities.join(', '),
    facts.tested,
  ]);
  const titles = [
    '`model_type`',
    'models',
    'languages',
    'imported from',
    'graphs made in',
    'can',
    'tested with',
  ];
  const table = [titles, titles.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
  const page = readFileSync(PAGE, 'utf8');
  expect(page).toMatch(SECTION);
  const written = page.replace(SECTION, (_, begin, end) => `${begin}\n${table}\n${end}`);
  await expect(written).toMatchFileSnapshot(PAGE);
});

test('the families that graphs are made of are those that have a builder', () => {
  const message = (family: string, fields: object = {}) => {
    try {
      builtBytes(
        { model_type: family, ...fields },
        { weights: new Map(), close: async () => {} },
        'fp32',
      );
      return '';
    } catch (error) {
      return String(error);
    }
  };
  for (const [family, { made, sources }] of Object.entries<FamilyFacts>(FAMILIES)) {
    expect(message(family).includes('cannot make graphs'), family).toBe(made.length === 0);
    expect(
      sources.some((source) => source !== 'onnx'),
      family,
    ).toBe(made.length > 0);
  }
  expect(message('marian', { decoder_cell: 'ssru' })).toMatch(/simple recurrent units/);
});
