import { expect, test, vi } from 'vitest';
import { shellLanguage } from './language.ts';
import { Quit, quitDialog } from './quit.ts';

function quitting(busy: boolean, answer: Promise<number> = Promise.resolve(0)) {
  const options = {
    isBusy: () => busy,
    ask: vi.fn(() => answer),
    close: vi.fn(async () => undefined),
    exit: vi.fn(),
  };
  return { quit: new Quit(options), ...options };
}

test('with nothing running the program ends without a question', async () => {
  const { quit, ask, close, exit } = quitting(false);
  await quit.request();
  expect(ask).not.toHaveBeenCalled();
  expect(close).toHaveBeenCalledBefore(exit);
});

test('with a job running the person is asked, and may keep it running', async () => {
  const { quit, ask, exit } = quitting(true, Promise.resolve(0));
  await quit.request();
  expect(ask).toHaveBeenCalledOnce();
  expect(exit).not.toHaveBeenCalled();
  await quit.request();
  expect(ask).toHaveBeenCalledTimes(2);
});

test('with a job running the person may quit all the same', async () => {
  const { quit, close, exit } = quitting(true, Promise.resolve(1));
  await quit.request();
  expect(close).toHaveBeenCalledOnce();
  expect(exit).toHaveBeenCalledOnce();
});

test('while the question is open further wishes change nothing', async () => {
  let answer: (button: number) => void = () => undefined;
  const { quit, ask, exit } = quitting(
    true,
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  const first = quit.request();
  await quit.request();
  expect(ask).toHaveBeenCalledOnce();
  answer(1);
  await first;
  expect(exit).toHaveBeenCalledOnce();
});

test('a dialog that fails keeps the job running', async () => {
  const { quit, exit } = quitting(true, Promise.reject(new Error('no window')));
  await quit.request();
  expect(exit).not.toHaveBeenCalled();
});

test('the end of the session does not wait for an answer', async () => {
  let answer: (button: number) => void = () => undefined;
  const { quit, close, exit } = quitting(
    true,
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  const asking = quit.request();
  await quit.withoutAsking();
  answer(1);
  await asking;
  expect(close).toHaveBeenCalledOnce();
  expect(exit).toHaveBeenCalledOnce();
});

test('a program that cannot close in order ends all the same', async () => {
  const { quit, close, exit } = quitting(false);
  close.mockRejectedValue(new Error('disk'));
  await expect(quit.request()).rejects.toThrow('disk');
  expect(exit).toHaveBeenCalledOnce();
});

test.each(['en', 'de'] as const)('Enter and Escape keep the job running (%s)', (language) => {
  const dialog = quitDialog(language);
  expect(dialog.defaultId).toBe(0);
  expect(dialog.cancelId).toBe(0);
  expect(dialog.buttons).toHaveLength(2);
});

test('the shell speaks German where the person or the system does, English otherwise', () => {
  expect(shellLanguage('system', ['de-AT', 'en'])).toBe('de');
  expect(shellLanguage('system', ['fr-FR', 'de'])).toBe('en');
  expect(shellLanguage('system', [])).toBe('en');
  expect(shellLanguage('en', ['de'])).toBe('en');
});
