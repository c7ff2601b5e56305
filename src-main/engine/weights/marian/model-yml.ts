/** Marian's settings: a flat YAML mapping. Lists are passed over; none of them says anything about the weights. */

/** Settings by name, as text without quotes. */
export type MarianSettings = ReadonlyMap<string, string>;

const ENTRY = /^([A-Za-z][\w-]*):[ \t]*(.*)$/;

/** Lines that are no `name: value` are passed over; a name that comes again counts the last time. */
export function parseModelYml(text: string): MarianSettings {
  const settings = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = ENTRY.exec(line) ?? [];
    if (name !== undefined && value !== undefined) settings.set(name, unquoted(value.trim()));
  }
  return settings;
}

function unquoted(value: string): string {
  const quote = value[0];
  const isQuoted = value.length >= 2 && (quote === '"' || quote === "'") && value.endsWith(quote);
  return isQuoted ? value.slice(1, -1) : value;
}
