/** Reading language tags and the directions that a translation model states. */

export interface Direction {
  /** Language codes, lower case. */
  readonly source: string;
  readonly target: string;
}

/** The language of a BCP 47 tag without region or script, in lower case: `de-AT` → `de`. */
export function primaryLanguage(tag: string): string {
  return (tag.split('-')[0] ?? '').toLowerCase();
}

/**
 * A key of `task_specific_params` as Hugging Face's T5 configs write it: `translation_en_to_de`.
 *
 * @returns null for the key of another task
 */
export function translationDirection(task: string): Direction | null {
  const [, source, target] = /^translation_([a-z]+)_to_([a-z]+)$/.exec(task) ?? [];
  return source === undefined || target === undefined ? null : { source, target };
}
