import { expect, test } from 'vitest';
import { browserCommand } from './open-browser.ts';

test.each([
  ['linux', 'xdg-open'],
  ['freebsd', 'xdg-open'],
  ['darwin', 'open'],
  ['win32', 'rundll32'],
] as const)('%s opens the browser with %s, and without a shell', (platform, program) => {
  const command = browserCommand(platform);
  expect(command[0]).toBe(program);
  expect(command.join(' ')).not.toMatch(/\b(sh|cmd|powershell)\b/);
});
