/**
 * As much of Markdown as cards of models are written in: headings, paragraphs, lists, tables, code.
 * The result is shown as text; nothing of a card becomes part of the page's own markup, and links
 * are words, since this page opens no addresses.
 */

export type Inline = { readonly kind: 'text' | 'code' | 'strong'; readonly text: string };

export type Block =
  /** 1 to 6. */
  | { readonly kind: 'heading'; readonly level: number; readonly content: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly content: readonly Inline[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly header: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    };

const FENCE = /^\s*(```|~~~)/;
const HEADING = /^(#{1,6})\s+(.*?)\s*#*$/;
const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/;
const RULE_OF_TABLE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

export function parseMarkdown(markdown: string): readonly Block[] {
  const lines = withoutFrontMatter(markdown.split(/\r?\n/));
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const [block, next] = readBlock(lines, at);
    if (block !== null) blocks.push(block);
    at = next;
  }
  return blocks;
}

/** What stands between two lines of hyphens at the begin is for programs. */
function withoutFrontMatter(lines: readonly string[]): readonly string[] {
  if (lines[0]?.trim() !== '---') return lines;
  const end = lines.findIndex((line, index) => index > 0 && line.trim() === '---');
  return end === -1 ? lines : lines.slice(end + 1);
}

/** @returns the block that begins here, and where the next one does: always further on */
function readBlock(lines: readonly string[], at: number): [Block | null, number] {
  const line = lines[at] ?? '';
  if (line.trim() === '') return [null, at + 1];
  const fence = FENCE.exec(line)?.[1];
  if (fence !== undefined) {
    const end = endOf(lines, at + 1, (each) => each.trimStart().startsWith(fence));
    return [{ kind: 'code', text: lines.slice(at + 1, end).join('\n') }, end + 1];
  }
  const heading = HEADING.exec(line);
  if (heading !== null) {
    const [, signs = '#', text = ''] = heading;
    return [{ kind: 'heading', level: signs.length, content: parseInline(text) }, at + 1];
  }
  if (isTable(lines, at)) {
    const end = endOf(lines, at + 2, (each) => !each.includes('|'));
    const header = cellsOf(line);
    return [{ kind: 'table', header, rows: lines.slice(at + 2, end).map(cellsOf) }, end];
  }
  if (ITEM.test(line)) {
    const end = endOf(lines, at + 1, (each) => startsBlock(each) && !ITEM.test(each));
    return [{ kind: 'list', items: itemsOf(lines.slice(at, end)) }, end];
  }
  const end = endOf(lines, at + 1, (each, index) => startsBlock(each) || isTable(lines, index));
  const text = lines.slice(at, end).map((each) => each.trim());
  return [{ kind: 'paragraph', content: parseInline(text.join(' ')) }, end];
}

/** First line from `from` on that ends the block, or the end of the text. */
function endOf(
  lines: readonly string[],
  from: number,
  ends: (line: string, index: number) => boolean,
): number {
  let at = from;
  while (at < lines.length && !ends(lines[at] ?? '', at)) at += 1;
  return at;
}

/** Whether a paragraph or a list cannot go on with this line. */
function startsBlock(line: string): boolean {
  return line.trim() === '' || FENCE.test(line) || HEADING.test(line) || ITEM.test(line);
}

function isTable(lines: readonly string[], at: number): boolean {
  const rule = lines[at + 1] ?? '';
  return (lines[at] ?? '').includes('|') && rule.includes('-') && RULE_OF_TABLE.test(rule);
}

/** An item goes on over the lines that begin no other. */
function itemsOf(lines: readonly string[]): readonly (readonly Inline[])[] {
  const items: string[] = [];
  for (const line of lines) {
    const begun = ITEM.exec(line)?.[1];
    if (begun !== undefined) items.push(begun);
    else items.push(`${items.pop() ?? ''} ${line.trim()}`);
  }
  return items.map(parseInline);
}

function cellsOf(line: string): readonly (readonly Inline[])[] {
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  return inner.split('|').map((cell) => parseInline(cell.trim()));
}

/** Code and emphasis; the text of links stands for them, their address behind it. */
function parseInline(text: string): readonly Inline[] {
  const pieces: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*|!?\[([^\]]*)\]\(([^()\s]*)\)/g)) {
    if (match.index > at) pieces.push({ kind: 'text', text: text.slice(at, match.index) });
    const [whole, code, strong, label = '', address = ''] = match;
    if (code !== undefined) pieces.push({ kind: 'code', text: code });
    else if (strong !== undefined) pieces.push({ kind: 'strong', text: strong });
    else pieces.push({ kind: 'text', text: label === '' ? address : `${label} (${address})` });
    at = match.index + whole.length;
  }
  if (at < text.length) pieces.push({ kind: 'text', text: text.slice(at) });
  return pieces;
}
