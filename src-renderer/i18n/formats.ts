/** Numbers, sizes, moments and lengths of time in the way of a language. */

export interface Formats {
  /** BCP 47 tag. */
  readonly locale: string;
  number(value: number): string;
  /** @param digits after the point */
  fixed(value: number, digits: number): string;
  /** A step size, which may be small. */
  alpha(value: number): string;
  /** @param fraction 1 is 100 % */
  percent(fraction: number): string;
  bytes(count: number): string;
  /** A moment, in milliseconds since 1970, with its time of day. */
  moment(milliseconds: number): string;
  /** Seconds as minutes and seconds, with hours where there are some: a place in a recording. */
  clock(seconds: number): string;
  /** The form of a word for a count; every language here has two. */
  count(value: number, one: string, other: string): string;
  /** Name of the language of a BCP 47 tag; the tag itself where it has none. */
  language(tag: string): string;
  /** With “and” before the last one. */
  list(words: readonly string[]): string;
}

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function formats(locale: string): Formats {
  const plain = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const plural = new Intl.PluralRules(locale);
  const languages = new Intl.DisplayNames(locale, { type: 'language' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const number = (value: number) => plain.format(value);
  return {
    locale,
    number,
    fixed: (value, digits) =>
      value.toLocaleString(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
    alpha: (value) => value.toLocaleString(locale, { maximumSignificantDigits: 6 }),
    percent: (fraction) => percent.format(fraction),
    bytes: (count) => {
      const power = count < 1000 ? 0 : Math.floor(Math.log10(count) / 3);
      const unit = BYTE_UNITS[power] ?? 'terabyte';
      const value = count / 1000 ** BYTE_UNITS.indexOf(unit);
      return value.toLocaleString(locale, {
        style: 'unit',
        unit,
        maximumSignificantDigits: 3,
      });
    },
    moment: (milliseconds) => moment.format(milliseconds),
    clock,
    count: (value, one, other) =>
      `${number(value)} ${plural.select(value) === 'one' ? one : other}`,
    language: (tag) => {
      try {
        return languages.of(tag) ?? tag;
      } catch {
        // A model's own word for a language need not be a tag.
        return tag;
      }
    },
    list: (words) => list.format(words),
  };
}

function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, '0');
  return hours === 0
    ? `${minutes}:${rest}`
    : `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}
