import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { ProgressLine, printable } from './terminal.ts';

function terminal(options: { readonly isTTY?: boolean; readonly columns?: number }) {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  return { written, progress: new ProgressLine(Object.assign(stream, options)) };
}

const REWRITE = '\r\u001b[2K';

describe('ProgressLine', () => {
  it('rewrites one line and clears it at the end', () => {
    const { written, progress } = terminal({ isTTY: true, columns: 80 });
    progress.show('a.wav', 0.5, 'some words');
    progress.show('a.wav', 1, '');
    progress.clear();
    const half = `${'█'.repeat(12)}${'░'.repeat(12)}  50 % some words`;
    const full = `${'█'.repeat(24)} 100 % `;
    expect(written).toEqual([`${REWRITE}a.wav ${half}`, `${REWRITE}a.wav ${full}`, REWRITE]);
  });

  it('shows no percentage where the end is not known', () => {
    const { written, progress } = terminal({ isTTY: true });
    progress.show('a.wav', null, 'words');
    expect(written).toEqual([`${REWRITE}a.wav ${'·'.repeat(24)} words`]);
  });

  it('never fills the last column, so that no line is left behind', () => {
    const { written, progress } = terminal({ isTTY: true, columns: 30 });
    progress.show('a long name of a file.wav', 0.5, 'and many words more');
    expect([...(written[0] ?? '').slice(REWRITE.length)]).toHaveLength(29);
    expect(written[0]).toMatch(/…$/);
  });

  it('does not let names and texts control the terminal', () => {
    const { written, progress } = terminal({ isTTY: true });
    progress.show('\u001b[31ma\nb', 0, '\u0007x');
    expect(written.join('').slice(REWRITE.length)).not.toMatch(/\p{Cc}/u);
  });

  it('writes nothing in a pipe, and clears nothing that was not shown', () => {
    const pipe = terminal({});
    pipe.progress.show('a.wav', 0.5, '');
    pipe.progress.clear();
    const unused = terminal({ isTTY: true });
    unused.progress.clear();
    expect([...pipe.written, ...unused.written]).toEqual([]);
  });
});

describe('printable', () => {
  it('keeps letters of every script and drops control codes', () => {
    expect(printable('ü 日本 😀\u001b[2J\r\n\tend')).toBe('ü 日本 😀 end');
  });
});
