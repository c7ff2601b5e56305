/** What a loaded Whisper model is made of, for the files that decode with it. */

import type { Tokenizer } from '../../text/tokenizer.ts';
import type { CacheShape } from '../decoder-caches.ts';
import type { EncoderDecoderGraphs } from '../encoder-decoder-graphs.ts';
import type { ModelFolder } from '../model-folder.ts';
import type { WhisperTokens } from './tokens.ts';

export interface WhisperParts {
  readonly folder: ModelFolder;
  readonly graphs: EncoderDecoderGraphs;
  readonly tokenizer: Tokenizer;
  readonly tokens: WhisperTokens;
  readonly cacheShape: CacheShape;
  /** As of a model. */
  readonly readsDrafts: boolean;
  /** Positions of the decoder. */
  readonly decoderPositions: number;
  /** Of one encoder position, and of one step of the timestamps. */
  readonly secondsPerPosition: number;
}
