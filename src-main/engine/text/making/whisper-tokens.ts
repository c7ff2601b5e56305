/** The tokens of Whisper above its text (Radford et al. 2022), which no vocabulary file of OpenAI has. */

/** In the order of their ids; the hundredth came with large-v3. */
const LANGUAGES =
  'en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue'.split(
    ' ',
  );

/** 0.00 to 30.00 seconds in steps of 0.02. */
const TIMESTAMPS = 1501;

export interface WhisperLayout {
  /** Ids of text: 0 to texts − 1. */
  readonly texts: number;
  readonly multilingual: boolean;
  /** The special tokens, from id `texts` on. */
  readonly special: readonly string[];
}

/**
 * @param vocabSize 51,864 (English), 51,865 (multilingual) or 51,866 (large-v3, with Cantonese)
 * @returns null for another size
 */
export function whisperLayout(vocabSize: number): WhisperLayout | null {
  if (vocabSize < 51_864 || vocabSize > 51_866) return null;
  const multilingual = vocabSize > 51_864;
  const languages = LANGUAGES.slice(0, vocabSize === 51_866 ? 100 : 99);
  const special = [
    'endoftext',
    'startoftranscript',
    ...languages,
    'translate',
    'transcribe',
    'startoflm',
    'startofprev',
    'nospeech',
    'notimestamps',
    ...Array.from({ length: TIMESTAMPS }, (_, i) => (i / 50).toFixed(2)),
  ].map((name) => `<|${name}|>`);
  return { texts: vocabSize - special.length, multilingual, special };
}

/** The tokens of Whisper are special but for the timestamps, which the Python library decodes as text. */
export function isSpecial(token: string): boolean {
  return /^<\|(?!\d+\.\d\d\|>).*\|>$/.test(token);
}
