/** What the program that is killed tells the one that kills it. */

import { z } from 'zod';

const unitSchema = z.object({
  /** File, index and α. */
  unit: z.string(),
  digest: z.string(),
});

export const crashReportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started') }),
  /** Every output of one unit, read back after a commit. */
  z.object({ type: z.literal('commit'), units: z.array(unitSchema) }),
  z.object({ type: z.literal('fault'), message: z.string() }),
  /** All is done; everything that is stored. */
  z.object({
    type: z.literal('idle'),
    jobs: z.array(z.object({ id: z.string(), name: z.string(), state: z.string() })),
    units: z.array(unitSchema),
  }),
]);
export type CrashReport = z.infer<typeof crashReportSchema>;
