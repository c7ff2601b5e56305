/** How errors cross a process boundary: the stable code and the message for people, nothing else. */

import { ORPCError } from '@orpc/client';
import { z } from 'zod';
import { causeMessage, ERROR_CODES, VeerError } from './errors.ts';

/** What the transport itself says of an input that breaks the contract. */
const invalidInputSchema = z.object({
  issues: z.tuple(
    [z.object({ message: z.string(), path: z.array(z.union([z.string(), z.number()])) })],
    z.unknown(),
  ),
});

const errorCodeSchema = z.enum(ERROR_CODES);

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

/** A stream whose failure crosses as a named error too. */
export async function* withTransportErrors<Event>(
  events: AsyncIterable<Event>,
): AsyncGenerator<Event, void> {
  try {
    yield* events;
  } catch (error) {
    throw toTransportError(error);
  }
}

/** Whether the other side answered with an error; anything else means that it did not answer. */
export function isTransportError(error: unknown): error is ORPCError<string, unknown> {
  return error instanceof ORPCError;
}

/** For the side that asked: the named error again. */
export function fromTransportError(error: ORPCError<string, unknown>): VeerError {
  const code = errorCodeSchema.safeParse(error.code);
  if (code.success) return new VeerError(code.data, error.message, { cause: error });
  const invalid = invalidInputSchema.safeParse(error.data);
  if (invalid.success) {
    const [{ path, message }] = invalid.data.issues;
    return new VeerError(
      'OPTION_INVALID',
      `The request is not valid: ${path.join('.')}: ${message}.`,
      {
        cause: error,
      },
    );
  }
  // A request that the transport itself could not read.
  if (error.code === 'BAD_REQUEST') {
    return new VeerError('OPTION_INVALID', 'The request cannot be read.', { cause: error });
  }
  return new VeerError('INTERNAL', error.message, { cause: error });
}
