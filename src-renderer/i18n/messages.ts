/** What the screens can say. English sets the shape; another language has every entry of it. */

import type { ErrorCode } from '../../src-main/contract/errors.ts';
import type { english } from './en/english.ts';

/** A sentence for each failure. */
type ErrorMessages = Readonly<Record<string, string>> &
  Readonly<Record<ErrorCode | 'UNREACHABLE', string>>;

export type Messages = typeof english & {
  /** Null where the program's own sentences are in this language. */
  readonly errors: ErrorMessages | null;
};
