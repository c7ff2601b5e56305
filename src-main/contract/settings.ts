/**
 * What a person can set, with defaults. Stored as one versioned file; a newer version adds a
 * migration in `settings/`, never a guess.
 */

import { z } from 'zod';
import { deviceRequestSchema } from './devices.ts';

const SETTINGS_VERSION = 1;

const GB = 1e9;

export const settingsSchema = z.strictObject({
  version: z.literal(SETTINGS_VERSION),
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Language of the screens. */
  interfaceLanguage: z.enum(['system', 'en', 'de']).default('system'),
  /** A notice of the system, without content, when a job ends while the window is not looked at. */
  notifications: z.boolean().default(false),
  device: deviceRequestSchema.default('auto'),
  /** Processor threads of one operator; null leaves the choice to ONNX Runtime. */
  threads: z.int().min(1).max(1024).nullable().default(null),
  /** Models used where a job names none; null takes the first that does the task. */
  transcribeModel: z.string().min(1).nullable().default(null),
  translateModel: z.string().min(1).nullable().default(null),
  /** Days after which an item is deleted by itself; null keeps it until a person deletes it. */
  retentionDays: z.int().min(1).max(3650).nullable().default(null),
  /** Seconds in which a deletion can be undone; afterwards nothing of it is left on the disk. */
  undoSeconds: z.int().min(0).max(86_400).default(30),
  /** Bytes that stored encoder outputs may take on the disk; 0 stores none. */
  encoderCacheBytes: z
    .int()
    .min(0)
    .max(1000 * GB)
    .default(GB),
});
export type Settings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({ version: SETTINGS_VERSION });

/** Any of the settings; those left out stay as they are. */
export const settingsChangeSchema = settingsSchema.omit({ version: true }).partial();
export type SettingsChange = z.infer<typeof settingsChangeSchema>;
