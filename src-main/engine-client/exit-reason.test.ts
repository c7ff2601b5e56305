import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { ExitReason } from './exit-reason.ts';

/** What is said after a process wrote these parts to its stderr. */
async function reasonAfter(...parts: readonly (string | Buffer)[]): Promise<string> {
  const stderr = new PassThrough();
  const reason = new ExitReason(stderr);
  for (const part of parts) stderr.write(part);
  stderr.end();
  await once(stderr, 'end');
  return reason.after('with exit code 1');
}

test('a process that wrote nothing ended as its parent saw it', async () => {
  expect(await reasonAfter()).toBe('it was ended with exit code 1');
  expect(new ExitReason(null).after('by SIGKILL')).toBe('it was ended by SIGKILL');
});

test('the last line is told', async () => {
  expect(await reasonAfter('first\n', 'second\n\n')).toBe('it was ended with exit code 1 (second)');
});

test('a line that names an error is told rather than the stack below it', async () => {
  const text = 'warning\nTypeError: no such graph\n    at load (models.ts:1:1)\n\nNode.js v24\n';
  expect(await reasonAfter(text)).toBe('it was ended with exit code 1 (TypeError: no such graph)');
});

test('a letter that came in two parts stays whole', async () => {
  const bytes = Buffer.from('für');
  expect(await reasonAfter(bytes.subarray(0, 2), bytes.subarray(2))).toContain('(für)');
});

test('what was written long before the end is forgotten', async () => {
  const text = `Error: an old one\n${'.'.repeat(3000)}\nlast\n`;
  expect(await reasonAfter(text)).toBe('it was ended with exit code 1 (last)');
});
