import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCommas, parseTabs } from './delimited-text.ts';

const fieldsOf = (rows: readonly { readonly fields: readonly string[] }[]) =>
  rows.map(({ fields }) => fields);

test('fields in commas come back whatever stands in them', () => {
  const field = fc.string({
    unit: fc.constantFrom('a', ' ', '"', ',', '\n', '\r\n', 'é'),
    minLength: 1,
  });
  const table = fc.array(
    fc.array(
      field.filter((text) => text.trim() !== ''),
      { minLength: 1, maxLength: 4 },
    ),
  );
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), (rows, end, last) => {
      const quoted = rows.map((row) =>
        row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','),
      );
      const text = quoted.join(end) + (last ? end : '');
      expect(fieldsOf(parseCommas(text))).toEqual(rows);
    }),
  );
});

test('plain and empty fields, empty lines, and the line of each row', () => {
  const rows = parseCommas('a,,"b\nc"\n\n,\nd,e');
  expect(rows).toEqual([
    { line: 1, fields: ['a', '', 'b\nc'] },
    { line: 5, fields: ['d', 'e'] },
  ]);
  expect(parseTabs('a\t"b\r\n\r\nc')).toEqual([
    { line: 1, fields: ['a', '"b'] },
    { line: 3, fields: ['c'] },
  ]);
});

test.each(['a,"b', 'a"b,c', '"a"b,c'])('a quote that does not fit is refused: %s', (text) => {
  expect(() => parseCommas(text)).toThrow(/line 1/);
});
