/** Failures as the screens show them: a stable code and a sentence that says what to do. */

import { ORPCError } from '@orpc/client';
import { ERROR_CODES, type ErrorCode, VeerError } from '../../src-main/contract/errors.ts';

/** `UNREACHABLE`: the application did not answer at all. */
export interface Problem {
  readonly code: ErrorCode | 'UNREACHABLE';
  readonly message: string;
}

const UNREACHABLE: Problem = {
  code: 'UNREACHABLE',
  message: 'Veer does not answer. Try it again when the connection is back.',
};

export function errorCode(text: string): ErrorCode | undefined {
  return ERROR_CODES.find((code) => code === text);
}

/** Names any failure of the bridge. */
export function problemOf(error: unknown): Problem {
  if (error instanceof VeerError) return { code: error.code, message: error.message };
  if (error instanceof ORPCError) {
    // What has no code of ours was refused at the boundary: an input that breaks the contract.
    const code = errorCode(error.code) ?? 'OPTION_INVALID';
    return { code, message: error.message };
  }
  return UNREACHABLE;
}

/**
 * Names of the entries of an input that were refused because the contract does not know them, or
 * not with such a value. Empty where the error says something else.
 */
export function wrongEntries(error: unknown): readonly string[] {
  const data: unknown = error instanceof ORPCError ? error.data : null;
  const issues = fieldOf(data, 'issues');
  if (!Array.isArray(issues)) return [];
  const names = issues.flatMap((issue: unknown) => {
    const unknown = fieldOf(issue, 'keys');
    if (Array.isArray(unknown)) return unknown.map(String);
    const path = fieldOf(issue, 'path');
    return Array.isArray(path) && path.length > 0 ? [path.join('.')] : [];
  });
  return [...new Set(names)];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
