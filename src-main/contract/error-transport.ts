/** How errors cross a process boundary: the stable code and the message for people, nothing else. */

import { ORPCError } from '@orpc/client';
import { causeMessage, ERROR_CODES, type ErrorCode, VeerError } from './errors.ts';

/** For the side that answers: any failure as an error of the transport. */
export function toTransportError(error: unknown): ORPCError<string, unknown> {
  if (error instanceof VeerError) {
    return new ORPCError(error.code, { message: error.message, cause: error });
  }
  return new ORPCError('INTERNAL', {
    message: `Something went wrong that Veer does not know: ${causeMessage(error)}`,
    cause: error,
  });
}

/** For the side that asked: the named error again. */
export function fromTransportError(error: unknown): unknown {
  if (!(error instanceof ORPCError)) return error;
  const code: ErrorCode = isErrorCode(error.code) ? error.code : 'INTERNAL';
  return new VeerError(code, error.message, { cause: error });
}

function isErrorCode(code: string): code is ErrorCode {
  return (ERROR_CODES as readonly string[]).includes(code);
}
