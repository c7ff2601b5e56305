/** Puts a text on the clipboard. */

import { VeerError } from '../../src-main/contract/errors.ts';

/**
 * To be called while a person's click or key press still counts.
 *
 * @throws VeerError OUTPUT_NOT_WRITABLE where the system does not allow it
 */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (cause) {
    const message = 'The text could not be copied. Save it as a file instead.';
    throw new VeerError('OUTPUT_NOT_WRITABLE', message, { cause });
  }
}
