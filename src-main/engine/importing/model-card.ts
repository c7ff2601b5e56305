/** README.md of a model that was made: what it is, what it was made of, and what its makers say of it. */

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ImportRecord, SourceFormat } from '../../contract/model-import.ts';

const FORMAT_NAMES: Readonly<Record<SourceFormat, string>> = {
  onnx: 'a folder with ONNX graphs',
  safetensors: 'a checkpoint of Hugging Face (safetensors)',
  ctranslate2: 'a CTranslate2 folder',
  argos: 'an Argos package (CTranslate2)',
  ggml: 'a ggml file of whisper.cpp',
  marian: 'a Marian model',
};

/** @param carried paths of the files that came with the source */
export async function modelCard(
  name: string,
  record: ImportRecord,
  carried: readonly string[],
): Promise<string> {
  const source = carried.find((path) => /^readme/i.test(basename(path)));
  const licences = carried.map((path) => basename(path)).filter((file) => !/^readme/i.test(file));
  const lines = [
    `# ${name}`,
    '',
    `Made by Veer ${record.version} of ${FORMAT_NAMES[record.sourceFormat]}, as ${record.dtypes.join(', ')}.`,
    '',
    ...record.sourceFiles.map(
      (file) => `- \`${file.name}\`, ${file.bytes} bytes, SHA-256 \`${file.sha256}\``,
    ),
    ...(record.notes.length === 0 ? [] : ['', ...record.notes.map((note) => `- ${note}`)]),
    '',
    licences.length === 0
      ? 'The licence is that of the source.'
      : `The licence is that of the source: ${licences.join(', ')}.`,
  ];
  if (source === undefined) return `${lines.join('\n')}\n`;
  const card = withoutFrontMatter(await readFile(source, 'utf8'));
  return `${lines.join('\n')}\n\n## The card of the source\n\n${card.trim()}\n`;
}

/** Cards of the Hub begin with fields for machines. */
function withoutFrontMatter(markdown: string): string {
  return markdown.replace(/^---\r?\n[\s\S]*?\r?\n---\r?\n/, '');
}
