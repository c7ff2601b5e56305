/**
 * What a client may send over the WebSocket: requests of the contract and their cancelling, as
 * oRPC's client writes them. Whatever else the transport would understand (streams and files from
 * the client, other addresses, other methods) is refused before it gets there.
 */

import { z } from 'zod';

const requestIdSchema = z.string().min(1).max(32);

const messageSchema = z.union([
  z.strictObject({
    i: requestIdSchema,
    p: z.strictObject({
      /** Path of the procedure. */
      u: z
        .string()
        .max(100)
        .regex(/^(\/[a-zA-Z]{1,40}){1,4}$/),
      b: z.unknown().optional(),
      /** Where a stream that was cut is taken up again. */
      h: z.strictObject({ 'last-event-id': z.string().max(200) }).optional(),
    }),
  }),
  z.strictObject({ i: requestIdSchema, t: z.literal(4) }),
]);

/** Whether a text message may be handed to the transport. */
export function isRpcMessage(text: string): boolean {
  try {
    return messageSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
