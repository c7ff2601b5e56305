import { expect, test } from 'vitest';
import { contentSecurityPolicy } from './content-security-policy.ts';

const directives = (policy: string): Map<string, string> =>
  new Map(
    policy.split('; ').map((text) => {
      const [name = '', ...sources] = text.split(' ');
      return [name, sources.join(' ')];
    }),
  );

test('what is not named is forbidden', () => {
  expect(directives(contentSecurityPolicy([])).get('default-src')).toBe("'none'");
});

test('neither inline nor evaluated code is allowed', () => {
  expect(contentSecurityPolicy(["'self'"])).not.toMatch(/unsafe|nonce|strict-dynamic|\*/);
});

test('directives that do not fall back to default-src are closed by name', () => {
  const policy = directives(contentSecurityPolicy([]));
  for (const name of ['base-uri', 'form-action', 'frame-ancestors']) {
    expect(policy.get(name)).toBe("'none'");
  }
});

test('connections go only where the shell says', () => {
  const policy = directives(contentSecurityPolicy(["'self'", 'ws://127.0.0.1:4711']));
  expect(policy.get('connect-src')).toBe("'self' ws://127.0.0.1:4711");
  expect(directives(contentSecurityPolicy([])).get('connect-src')).toBe("'none'");
});
