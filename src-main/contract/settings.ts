/**
 * What a person can set, with defaults. Stored as one versioned file; a newer version adds a
 * migration in `settings/`, never a guess.
 */

import { z } from 'zod';
import { deviceRequestSchema } from './devices.ts';

const SETTINGS_VERSION = 1;

const GB = 1e9;

const fields = {
  theme: z.enum(['system', 'light', 'dark']),
  /** Language of the screens. */
  interfaceLanguage: z.enum(['system', 'en', 'de']),
  /** A notice of the system, without content, when a job ends while the window is not looked at. */
  notifications: z.boolean(),
  device: deviceRequestSchema,
  /** Processor threads of one operator; null leaves the choice to ONNX Runtime. */
  threads: z.int().min(1).max(1024).nullable(),
  /** Models used where a job names none; null takes the first that does the task. */
  transcribeModel: z.string().min(1).nullable(),
  translateModel: z.string().min(1).nullable(),
  /** Days after which an item is deleted by itself; null keeps it until a person deletes it. */
  retentionDays: z.int().min(1).max(3650).nullable(),
  /** Seconds in which a deletion can be undone; afterwards nothing of it is left on the disk. */
  undoSeconds: z.int().min(0).max(86_400),
  /** Bytes that stored encoder outputs may take on the disk; 0 stores none. */
  encoderCacheBytes: z
    .int()
    .min(0)
    .max(1000 * GB),
};

export const settingsSchema = z.strictObject({
  version: z.literal(SETTINGS_VERSION),
  theme: fields.theme.default('system'),
  interfaceLanguage: fields.interfaceLanguage.default('system'),
  notifications: fields.notifications.default(false),
  device: fields.device.default('auto'),
  threads: fields.threads.default(null),
  transcribeModel: fields.transcribeModel.default(null),
  translateModel: fields.translateModel.default(null),
  retentionDays: fields.retentionDays.default(null),
  undoSeconds: fields.undoSeconds.default(30),
  encoderCacheBytes: fields.encoderCacheBytes.default(GB),
});
export type Settings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({ version: SETTINGS_VERSION });

/**
 * Any of the settings; those left out stay as they are. Made of the fields without their defaults,
 * which would otherwise be filled in and undo every other setting.
 */
export const settingsChangeSchema = z.strictObject(fields).partial();
export type SettingsChange = z.infer<typeof settingsChangeSchema>;
