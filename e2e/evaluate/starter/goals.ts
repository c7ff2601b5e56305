/** What the starter models are meant to reach, and in which words the report names the test sets. */

export interface SetInfo {
  readonly name: string;
  readonly title: string;
  /** WER of at most, BLEU of at least this many points; null where nothing is asked. */
  readonly goal: number | null;
}

export const SPEECH_SETS: readonly SetInfo[] = [
  { name: 'test_known', title: 'voices of the training, clean', goal: 10 },
  { name: 'test_unseen', title: 'a voice not heard in training, clean', goal: 25 },
  { name: 'test_unseen_formant', title: 'formant voices not heard in training, clean', goal: null },
  { name: 'test_noise', title: 'noise, 0 to 10 dB', goal: null },
  { name: 'test_digits', title: 'recorded digits, speakers of the training', goal: 1 },
  { name: 'test_digits_unseen', title: 'recorded digits, a speaker not heard', goal: 4 },
  { name: 'test_shifted', title: 'off the training distribution', goal: null },
];

export const TRANSLATION_SETS: readonly SetInfo[] = [
  { name: 'en-de', title: 'English to German', goal: 34 },
  { name: 'de-en', title: 'German to English', goal: 38 },
  { name: 'shifted en-de', title: 'English to German, lower case and typing errors', goal: null },
  { name: 'shifted de-en', title: 'German to English, lower case and typing errors', goal: null },
  { name: 'long en-de', title: 'English to German, several sentences at once', goal: null },
  { name: 'long en-de, cut', title: 'the same, cut into sentences', goal: null },
  { name: 'long de-en', title: 'German to English, several sentences at once', goal: null },
  { name: 'long de-en, cut', title: 'the same, cut into sentences', goal: null },
];

/** Points that int8 may lose against fp32 on every set that has a goal. */
export const INT8_LOSS = { wer: 0.5, bleu: 0.3 } as const;

/** The named sets in their order, then those that have no name here. */
export function inOrder(known: readonly SetInfo[], names: readonly string[]): readonly SetInfo[] {
  const titled = known.filter(({ name }) => names.includes(name));
  // A set of several conditions also has one entry for each, `set: condition`, after its own.
  const parts = (name: string) => names.filter((other) => other.startsWith(`${name}: `));
  const listed = titled.flatMap((info) => [
    info,
    ...parts(info.name).map((name) => {
      return { name, title: `of these: ${name.slice(info.name.length + 2)}`, goal: null };
    }),
  ]);
  const rest = names.filter((name) => !listed.some((info) => info.name === name));
  return [...listed, ...rest.map((name) => ({ name, title: name, goal: null }))];
}
