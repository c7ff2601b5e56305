/**
 * The tokens that OpenAI's Whisper never writes beside those that steer it: brackets, signs of speakers,
 * and musical signs (`non_speech_tokens` in openai/whisper, tokenizer.py). Folders without a list of
 * their own get this one.
 */

const SIGNS = [
  ...'"#()*+/:;<=>@[\\]^_`{|}~「」『』',
  ...`<< >> <<< >>> -- --- -( -[ (' (" (( )) ((( ))) [[ ]] {{ }} ♪♪ ♪♪♪`.split(' '),
];
/** Of these the first token, even where they are several: all begin with the same two of three bytes. */
const MUSIC = [...'♩♪♫♬♭♮♯'];
/** Begins of a line of dialogue and of a quotation; within words they are letters. */
const AFTER_SPACE = [' -', " '"];

/** @param ids by spelling, as byte-level BPE spells its tokens. @returns ascending, each once */
export function nonSpeechTokens(ids: ReadonlyMap<string, number>): readonly number[] {
  const spaced = (signs: readonly string[]) => signs.flatMap((sign) => [sign, ` ${sign}`]);
  const whole = [...spaced(SIGNS), ...AFTER_SPACE].map((text) => ids.get(spelled(text)));
  const first = spaced(MUSIC).map((text) => firstToken(ids, spelled(text)));
  const found = [...whole, ...first].filter((id) => id !== undefined);
  return [...new Set(found)].sort((a, b) => a - b);
}

/** The longest token that the text begins with, of all its bytes or all but the last. */
function firstToken(ids: ReadonlyMap<string, number>, text: string): number | undefined {
  for (let end = text.length; end > text.length - 2; end--) {
    const id = ids.get(text.slice(0, end));
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Bytes that GPT-2's spelling of bytes keeps: those of printable Latin 1 signs. */
const KEPT = Array.from({ length: 256 }, (_, byte) => byte).filter(
  (byte) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173),
);
const OTHERS = Array.from({ length: 256 }, (_, byte) => byte).filter(
  (byte) => !KEPT.includes(byte),
);

/** UTF-8, a letter for each byte: `bytes_to_unicode` of GPT-2's encoder. */
function spelled(text: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const other = OTHERS.indexOf(byte);
      return String.fromCodePoint(other === -1 ? byte : 256 + other);
    })
    .join('');
}
