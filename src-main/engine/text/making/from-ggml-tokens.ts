/** A tokenizer of the token list of a ggml file of Whisper. */

import { VeerError } from '../../../contract/errors.ts';
import { bytesToChars } from '../pipeline/byte-level.ts';
import {
  addedToken,
  BYTE_LEVEL,
  byteLevelModel,
  type MadeTokenizer,
  templateProcessing,
  tokenizerFile,
} from './made-tokenizer.ts';
import { rankedMerges } from './ranked-merges.ts';
import { isSpecial, type WhisperLayout, whisperLayout } from './whisper-tokens.ts';

/**
 * @param tokens bytes of each token, by id; those of text at least, what follows them is known
 * @param vocabSize `n_vocab` of the file: 51,864, 51,865 or 51,866
 * @throws VeerError MODEL_FORMAT_UNSUPPORTED for another size; TOKENIZER_MISMATCH where the list is
 *   shorter than the texts of that size, or the 256 bytes are not among it
 */
export function fromGgmlTokens(tokens: readonly Uint8Array[], vocabSize: number): MadeTokenizer {
  const layout = layoutOf(vocabSize);
  return make(layout, tokens.slice(0, layout.texts).map(bytesToChars));
}

/**
 * The same for tokens spelled as in vocab.json, by id: `vocabulary.json` or `.txt` of a CTranslate2
 * folder. Its special tokens may be spelled otherwise and are passed over.
 *
 * @throws VeerError as `fromGgmlTokens`
 */
export function fromWhisperVocabulary(tokens: readonly string[]): MadeTokenizer {
  const layout = layoutOf(tokens.length);
  return make(layout, tokens.slice(0, layout.texts));
}

function layoutOf(vocabSize: number): WhisperLayout {
  const layout = whisperLayout(vocabSize);
  if (layout !== null) return layout;
  throw new VeerError(
    'MODEL_FORMAT_UNSUPPORTED',
    `The model has ${vocabSize} tokens; Whisper has 51864, 51865 or 51866. Import it from its safetensors folder, which has a tokenizer.json.`,
  );
}

/** @param texts by id, in characters of the byte level */
function make(layout: WhisperLayout, texts: readonly string[]): MadeTokenizer {
  // OpenAI's list for several languages has an empty last token.
  if (texts.length < layout.texts - 1) {
    throw wrongList(`it has ${texts.length} tokens of text, Whisper ${layout.texts}`);
  }
  const bytes = new Set(texts.filter((text) => text.length === 1));
  if (bytes.size !== 256) throw wrongList(`it has ${bytes.size} of the 256 bytes`);
  const vocab: Record<string, number> = Object.create(null);
  texts.forEach((text, id) => {
    vocab[text] ??= id;
  });
  return {
    tokenizer: tokenizerFile({
      added_tokens: layout.special.map((token, i) =>
        addedToken(layout.texts + i, token, isSpecial(token)),
      ),
      normalizer: null,
      pre_tokenizer: BYTE_LEVEL,
      post_processor: templateProcessing(
        { before: ['<|startoftranscript|>', '<|notimestamps|>'], after: ['<|endoftext|>'] },
        (token) => layout.texts + layout.special.indexOf(token),
      ),
      decoder: BYTE_LEVEL,
      model: byteLevelModel(vocab, rankedMerges(texts)),
    }),
    config: {
      tokenizer_class: 'WhisperTokenizer',
      clean_up_tokenization_spaces: false,
      bos_token: '<|endoftext|>',
      eos_token: '<|endoftext|>',
      pad_token: '<|endoftext|>',
      unk_token: '<|endoftext|>',
    },
  };
}

function wrongList(detail: string): VeerError {
  return new VeerError(
    'TOKENIZER_MISMATCH',
    `The token list of the file is not Whisper's: ${detail}. Import the model from its safetensors folder, which has a tokenizer.json.`,
  );
}
