/**
 * What Veer can do with each family of models. `veer models` goes by it, and the table of docs/models.md is made of
 * it (model-families.test.ts).
 */

import { MADE_DTYPES, type MadeDtype, type SourceFormat } from './model-import.ts';
import type { Family } from './model-layout.ts';

/** What a recogniser may be able to do; whether a model can, its folder says. */
export type SpeechAbility = 'timestamps' | 'word times' | 'language detection' | 'to English';

export interface FamilyFacts {
  /** In Markdown. */
  readonly models: string;
  /** How the languages of a model are known, in Markdown. */
  readonly languages: string;
  /** What it can be imported from. */
  readonly sources: readonly SourceFormat[];
  /** Dtypes that graphs are made in; none where only graphs of others are used. */
  readonly made: readonly MadeDtype[];
  /** None of a translator. */
  readonly abilities: readonly SpeechAbility[];
  /** What was proven, in Markdown. */
  readonly tested: string;
}

export const FAMILIES: Readonly<Record<Family, FamilyFacts>> = {
  whisper: {
    models: 'Whisper: multilingual, English only, distilled, turbo (128 mel bands)',
    languages: 'those of `generation_config.json`',
    sources: ['onnx', 'safetensors', 'ctranslate2', 'ggml'],
    made: MADE_DTYPES,
    abilities: ['timestamps', 'word times', 'language detection', 'to English'],
    tested:
      'the bundled models; tiny; tiny ONNX, multilingual with 80 and 128 bands; by hand tiny.en and base with real weights, from CTranslate2',
  },
  moonshine: {
    models: 'Moonshine',
    languages: 'not stated; it writes what it hears',
    sources: ['onnx'],
    made: [],
    abilities: [],
    tested: 'tiny ONNX; exports with and without masks',
  },
  t5: {
    models: 'T5, T5 v1.1, Flan-T5, MADLAD-400',
    languages:
      'tasks `translation_SOURCE_to_TARGET` of `config.json`, whose prefix goes before every text; without them the text goes in as it is (MADLAD: with `<2de>` before it)',
    sources: ['onnx', 'safetensors', 'ctranslate2'],
    made: MADE_DTYPES,
    abilities: [],
    tested:
      'the bundled models; tiny T5, T5 v1.1 (gated) and MADLAD; tiny ONNX of T5, merged decoder',
  },
  mt5: {
    models: 'mT5; from CTranslate2 it becomes a `t5`',
    languages: 'as T5',
    sources: ['onnx', 'safetensors', 'ctranslate2'],
    made: MADE_DTYPES,
    abilities: [],
    tested: 'tiny; tiny ONNX, split decoder',
  },
  t5gemma: {
    models: 'T5Gemma',
    languages: 'not stated',
    sources: ['onnx'],
    made: [],
    abilities: [],
    tested: 'tiny ONNX; merged decoder without `use_cache_branch`',
  },
  marian: {
    models: 'OPUS-MT, Argos, OpenNMT; of Firefox none with simple recurrent units (SSRU)',
    languages:
      '`source_lang` and `target_lang` of `tokenizer_config.json`; `>>de<<` tokens where there are several targets',
    sources: ['onnx', 'safetensors', 'ctranslate2', 'argos', 'marian'],
    made: MADE_DTYPES,
    abilities: [],
    tested: 'tiny; tiny ONNX of one and of several targets, fp32, int8',
  },
  m2m_100: {
    models: 'M2M100, NLLB-200',
    languages: 'tokens `__de__` or `deu_Latn`',
    sources: ['onnx', 'safetensors', 'ctranslate2'],
    made: MADE_DTYPES,
    abilities: [],
    tested: 'tiny M2M100 and NLLB; tiny ONNX of both, fp32, q4, weights beside the graphs',
  },
  bart: {
    models: 'BART',
    languages: 'none: text to text as it was trained',
    sources: ['onnx', 'safetensors', 'ctranslate2'],
    made: MADE_DTYPES,
    abilities: [],
    tested: 'tiny; tiny ONNX, fp32 without a mask in the decoder, fp16 with one',
  },
  mbart: {
    models: 'mBART-50; mBART-25',
    languages: 'tokens `de_DE`',
    sources: ['onnx', 'safetensors', 'ctranslate2'],
    made: MADE_DTYPES,
    abilities: [],
    tested: 'tiny mBART-50; tiny ONNX of mBART-50; of mBART-25 only what goes in',
  },
};
