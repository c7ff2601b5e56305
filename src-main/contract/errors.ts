/**
 * Named errors of the product. Every failure that a person can cause or mend has a stable code;
 * the code is what programs test, the message is one or two sentences for people that say what
 * went wrong and what to do. Raw causes travel in `cause` and go to the log, never to the screen.
 */

/** Stable error codes. A code is never renamed or reused; new ones are added at the end of a group. */
export const ERROR_CODES = [
  // input files
  'FILE_NOT_FOUND',
  'FILE_IS_DIRECTORY',
  'FILE_EMPTY',
  'FILE_UNREADABLE',
  'MEDIA_UNRECOGNISED',
  'MEDIA_TRUNCATED',
  'AUDIO_STREAM_MISSING',
  'AUDIO_EMPTY',
  'TEXT_NOT_UTF8',
  // models and proxies
  'MODEL_NOT_FOUND',
  'MODEL_FILE_MISSING',
  'MODEL_FILE_DAMAGED',
  'MODEL_CONFIG_INVALID',
  'MODEL_FAMILY_UNSUPPORTED',
  'MODEL_TASK_MISMATCH',
  'TOKENIZER_MISMATCH',
  'DTYPE_UNAVAILABLE',
  'PROXY_NOT_FOUND',
  'PROXY_INVALID',
  'PROXY_ENCODER_UNLISTED',
  'MODEL_CHANGED',
  'MODEL_EXISTS',
  'PROXY_EXISTS',
  'MODEL_FORMAT_UNSUPPORTED',
  // options
  'ALPHA_NOT_FINITE',
  'DEVICE_UNKNOWN',
  'LANGUAGE_UNSUPPORTED',
  'OPTION_INVALID',
  // output
  'OUTPUT_NOT_WRITABLE',
  'DISK_FULL',
  // the application's own data
  'GRANT_UNKNOWN',
  'ITEM_NOT_FOUND',
  'RUN_NOT_FOUND',
  'SEGMENT_NOT_FOUND',
  'VARIANT_NOT_FOUND',
  'JOB_NOT_FOUND',
  'JOB_STATE',
  'MEDIA_NOT_READY',
  'SETTINGS_INVALID',
  'DATABASE_IN_USE',
  'DATABASE_DAMAGED',
  'DATABASE_FROM_FUTURE',
  'DATABASE_UNUSABLE',
  // the way to the application
  'ACCESS_DENIED',
  'UPLOAD_BROKEN',
  // running
  'ENGINE_CRASHED',
  'CANCELLED',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error with a stable code and a message for people. */
export class VeerError extends Error {
  override readonly name = 'VeerError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** What a run throws when its signal was aborted. */
export function cancelled(signal: AbortSignal): VeerError {
  return new VeerError('CANCELLED', 'Cancelled.', { cause: signal.reason });
}

/** @throws VeerError CANCELLED when the signal is aborted */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled(signal);
}

/** Marks a branch that the types say cannot be reached. */
export function assertNever(value: never): never {
  throw new VeerError('INTERNAL', `Unexpected value: ${JSON.stringify(value)}`);
}

/** The first line of a library's message: enough for a log line, never shown as the main message. */
export function causeMessage(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split('\n', 1)[0] ?? '';
}

/** The code of a library's error, such as Node's ENOENT for a failed system call; null without. */
export function causeCode(cause: unknown): string | null {
  if (!(cause instanceof Error && 'code' in cause)) return null;
  return typeof cause.code === 'string' ? cause.code : null;
}

/** There is no room: the disk is full, or what the person may use of it. */
export function isDiskFull(cause: unknown): boolean {
  const code = causeCode(cause);
  return code === 'ENOSPC' || code === 'EDQUOT';
}
