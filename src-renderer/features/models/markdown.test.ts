import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Block, parseMarkdown } from './markdown.ts';

const text = (words: string) => [{ kind: 'text', text: words }];

test('headings, paragraphs over several lines, and no front matter', () => {
  const card = '---\nlicense: mit\n---\n\n# A model #\n\nIt listens\nto English.\n## Use\nAsk it.';
  expect(parseMarkdown(card)).toEqual([
    { kind: 'heading', level: 1, content: text('A model') },
    { kind: 'paragraph', content: text('It listens to English.') },
    { kind: 'heading', level: 2, content: text('Use') },
    { kind: 'paragraph', content: text('Ask it.') },
  ]);
});

test('lists, with items that go on in the next line', () => {
  expect(parseMarkdown('- **Speech.** Mostly\n  synthetic\n- `text`\n\nEnd')).toEqual([
    {
      kind: 'list',
      items: [
        [{ kind: 'strong', text: 'Speech.' }, ...text(' Mostly synthetic')],
        [{ kind: 'code', text: 'text' }],
      ],
    },
    { kind: 'paragraph', content: text('End') },
  ]);
});

test('tables, right after a paragraph too', () => {
  expect(parseMarkdown('Measured:\n| set | WER |\n| --- | ---: |\n| dev | 13.9 |\n\nEnd')).toEqual([
    { kind: 'paragraph', content: text('Measured:') },
    { kind: 'table', header: [text('set'), text('WER')], rows: [[text('dev'), text('13.9')]] },
    { kind: 'paragraph', content: text('End') },
  ]);
});

test('code is left as it is, and may lack its end', () => {
  expect(parseMarkdown('```python\n# no heading\n  x = 1\n```\nEnd')).toEqual([
    { kind: 'code', text: '# no heading\n  x = 1' },
    { kind: 'paragraph', content: text('End') },
  ]);
  expect(parseMarkdown('```\nx')).toEqual([{ kind: 'code', text: 'x' }]);
});

test('links and markup of pages are words', () => {
  expect(parseMarkdown('See [the Hub](https://example.org) <script>alert(1)</script>')).toEqual([
    {
      kind: 'paragraph',
      content: [
        ...text('See '),
        ...text('the Hub (https://example.org)'),
        ...text(' <script>alert(1)</script>'),
      ],
    },
  ]);
});

test('every text comes to an end, and no word of it is lost', () => {
  const pieces = fc.constantFrom(
    'a',
    'b',
    '# ',
    '- ',
    '|',
    '---',
    '```',
    '\n',
    ' ',
    '**',
    '`',
    '[x](y)',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (drawn) => {
      const card = drawn.join('');
      // What precedes the words of a fence or of front matter is not shown.
      fc.pre(!card.includes('```') && !card.trimStart().startsWith('---'));
      const count = (from: string) => from.match(/[ab]/g)?.length ?? 0;
      expect(count(JSON.stringify(shownOf(parseMarkdown(card))))).toBe(count(card));
    }),
  );
});

/** The texts alone, without the names of their kinds. */
function shownOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    switch (block.kind) {
      case 'code':
        return [block.text];
      case 'list':
        return block.items.flat().map((piece) => piece.text);
      case 'table':
        return [...block.header, ...block.rows.flat()].flat().map((piece) => piece.text);
      default:
        return block.content.map((piece) => piece.text);
    }
  });
}
