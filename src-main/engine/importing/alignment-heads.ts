/**
 * The heads of Whisper's cross-attention that follow the speech, as OpenAI published them for its own models
 * (`_ALIGNMENT_HEADS` of https://github.com/openai/whisper, whisper/__init__.py). A fine-tuned model has those
 * of what it was tuned from.
 */

type Head = readonly [layer: number, head: number];

/** Layer and the heads of it. */
const of = (...layers: readonly (readonly [number, ...number[]])[]): readonly Head[] =>
  layers.flatMap(([layer, ...heads]) => heads.map((head): Head => [layer, head]));

/** By decoder layers, and whether for English alone; those of large differ by version. */
const PUBLISHED = {
  'tiny.en': of([1, 0], [2, 0, 5], [3, 0, 1, 2, 3, 4]),
  tiny: of([2, 2], [3, 0, 2, 3, 4, 5]),
  'base.en': of([3, 3], [4, 7], [5, 1, 5, 7]),
  base: of([3, 1], [4, 2, 3, 7], [5, 1, 2, 4, 6]),
  'small.en': of(
    [6, 6],
    [7, 0, 3, 8],
    [8, 2, 5, 7],
    [9, 0, 4, 8, 10],
    [10, 0, 1, 2, 3, 6, 11],
    [11, 2, 4],
  ),
  small: of([5, 3, 9], [8, 0, 4, 7, 8], [9, 0, 7, 9], [10, 5]),
  'medium.en': of(
    [11, 4],
    [14, 1, 12, 14],
    [15, 4],
    [16, 0, 4, 9],
    [17, 12, 14],
    [18, 7, 10, 15],
    [20, 0, 3, 9, 14],
    [21, 12],
  ),
  medium: of([13, 15], [15, 4, 15], [16, 1], [20, 0], [23, 4]),
  'large-v1': of([9, 19], [11, 2, 4, 17], [22, 7, 11, 17], [23, 2, 15]),
  'large-v2': of(
    [10, 12],
    [13, 17],
    [16, 11, 12, 13],
    [17, 15, 16],
    [18, 4, 11, 19],
    [19, 11],
    [21, 2, 3],
    [22, 3, 9, 12],
    [23, 5, 7, 13],
    [25, 5],
    [26, 1, 12],
    [27, 15],
  ),
  'large-v3': of(
    [7, 0],
    [10, 17],
    [12, 18],
    [13, 12],
    [16, 1],
    [17, 14],
    [19, 11],
    [21, 4],
    [24, 1],
    [25, 6],
  ),
  'large-v3-turbo': of([2, 4, 11], [3, 3, 6, 11, 14]),
} as const;
type Published = keyof typeof PUBLISHED;

export interface WhisperSize {
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  readonly width: number;
  readonly melBands: number;
  readonly multilingual: boolean;
}

/**
 * @param name of the file or folder, which tells the first two versions of large apart
 * @returns empty for a size that is not OpenAI's
 */
export function publishedAlignmentHeads(size: WhisperSize, name: string): readonly Head[] {
  const model = publishedModel(size, name);
  return model === null ? [] : PUBLISHED[model];
}

function publishedModel(size: WhisperSize, name: string): Published | null {
  const { encoderLayers, decoderLayers, width, melBands, multilingual } = size;
  const shape = `${encoderLayers}+${decoderLayers}×${width}`;
  const language = multilingual ? '' : '.en';
  switch (shape) {
    case '4+4×384':
      return `tiny${language}`;
    case '6+6×512':
      return `base${language}`;
    case '12+12×768':
      return `small${language}`;
    case '24+24×1024':
      return `medium${language}`;
    case '32+4×1280':
      return 'large-v3-turbo';
    case '32+32×1280':
      if (melBands === 128) return 'large-v3';
      if (/large-v2/i.test(name)) return 'large-v2';
      return /large-v1/i.test(name) ? 'large-v1' : null;
    default:
      return null;
  }
}
