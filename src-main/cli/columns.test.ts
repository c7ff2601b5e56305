import { describe, expect, it } from 'vitest';
import { layOutColumns } from './columns.ts';

const column = (title: string, text: string) => ({ title, text });

describe('layOutColumns', () => {
  it('wraps at spaces and keeps the columns in place', () => {
    const text = 'one two three four five six seven eight nine ten';
    const lines = layOutColumns([column('A', text), column('B', 'short')], 64);
    expect(lines).toEqual([
      'A                               │ B',
      'one two three four five six     │ short',
      'seven eight nine ten            │',
    ]);
  });

  it('cuts a word that is longer than its column', () => {
    const lines = layOutColumns([column('A', 'x'.repeat(70)), column('B', '')], 64);
    expect(lines.map((line) => line.split('│')[0]?.trim().length)).toEqual([1, 30, 30, 10]);
  });

  it('puts texts below each other where there is no room', () => {
    const columns = ['A', 'B'].map((title) => column(title, 'some words'));
    expect(layOutColumns(columns, 40)).toEqual(['A', '  some words', 'B', '  some words']);
  });

  it('does not count what paint adds', () => {
    const paint = (lines: readonly string[]) => lines.map((line) => `\u001b[31m${line}\u001b[39m`);
    const columns = [column('A', 'word'), column('B', 'other')];
    const [title = '', row = ''] = layOutColumns(columns, 64, paint);
    expect(row).toContain('\u001b[31mword\u001b[39m');
    expect(row.indexOf('│')).toBe(title.indexOf('│') + '\u001b[31m\u001b[39m'.length);
  });
});
