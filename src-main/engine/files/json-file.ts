/** Reading JSON files that describe models and proxies, checked against a schema. */

import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { type ErrorCode, VeerError } from '../../contract/errors.ts';

/** Error codes for a file that is not there and for one that says something else than it should. */
export interface JsonFileErrors {
  readonly missing: ErrorCode;
  readonly invalid: ErrorCode;
}

/** @throws VeerError with the codes given; the message names the file and the field */
export async function readJsonFile<T extends z.ZodType>(
  path: string,
  schema: T,
  errors: JsonFileErrors,
): Promise<z.infer<T>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new VeerError(errors.missing, `There is no ${path}. Copy the whole folder again.`, {
      cause,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(path, 'it is not valid JSON', errors, cause);
  }
  return checkFields(value, schema, path, errors);
}

/** @throws VeerError `errors.invalid` naming the first wrong field */
export function checkFields<T extends z.ZodType>(
  value: unknown,
  schema: T,
  path: string,
  errors: Pick<JsonFileErrors, 'invalid'>,
): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(path, `${issue?.path.join('.') || 'its content'}: ${issue?.message}`, errors);
}

function invalid(
  path: string,
  detail: string,
  errors: Pick<JsonFileErrors, 'invalid'>,
  cause?: unknown,
): VeerError {
  return new VeerError(
    errors.invalid,
    `${path} cannot be used: ${detail}. Copy the file again from where it came from.`,
    { cause },
  );
}
