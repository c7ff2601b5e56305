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

/**
 * What a Marian folder states in tokenizer_config.json, as ISO 639-1 or 639-3; null for a group of
 * languages.
 */
export function statedDirection(tokenizerConfig: Readonly<Record<string, unknown>>): {
  readonly source: string | null;
  readonly target: string | null;
} {
  const language = (value: unknown) =>
    typeof value === 'string' && /^[a-z]{2,3}$/.test(value) && value !== 'mul'
      ? new Intl.Locale(value).language
      : null;
  return {
    source: language(tokenizerConfig['source_lang']),
    target: language(tokenizerConfig['target_lang']),
  };
}
