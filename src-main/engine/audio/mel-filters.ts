/**
 * Triangular filters on the Slaney mel scale with Slaney (area) normalisation.
 *
 * Source: M. Slaney, "Auditory Toolbox" (1998); the same numbers as transformers
 * `audio_utils.mel_filter_bank(norm="slaney", mel_scale="slaney")` and librosa `filters.mel`.
 */

/** The non-zero part of one filter: `weights[i]` belongs to transform bin `firstBin + i`. */
export interface MelFilter {
  readonly firstBin: number;
  readonly weights: Float64Array;
}

/** Hz. Below it the scale is linear, above logarithmic. */
const BREAK_HERTZ = 1000;
const BREAK_MEL = 15;
const MELS_PER_LOG = 27 / Math.log(6.4);
/** Hz. Upper edge of the last filter in every Whisper model. */
const MAXIMUM_HERTZ = 8000;

/**
 * @param count number of filters
 * @param nFft transform length in samples; filters cover its nFft/2 + 1 bins
 * @param samplingRate Hz
 */
export function slaneyMelFilters(
  count: number,
  nFft: number,
  samplingRate: number,
): readonly MelFilter[] {
  const top = hertzToMel(MAXIMUM_HERTZ);
  const edge = (i: number) => melToHertz((top * i) / (count + 1));
  return Array.from({ length: count }, (_, band) =>
    triangle(edge(band), edge(band + 1), edge(band + 2), nFft / 2 + 1, samplingRate / nFft),
  );
}

function triangle(
  low: number,
  centre: number,
  high: number,
  bins: number,
  hertzPerBin: number,
): MelFilter {
  const area = 2 / (high - low);
  const weights: number[] = [];
  let firstBin = 0;
  for (let bin = 0; bin < bins; bin++) {
    const hertz = bin * hertzPerBin;
    const weight = Math.min((hertz - low) / (centre - low), (high - hertz) / (high - centre));
    if (weight <= 0) continue;
    if (weights.length === 0) firstBin = bin;
    weights.push(weight * area);
  }
  return { firstBin, weights: Float64Array.from(weights) };
}

function hertzToMel(hertz: number): number {
  if (hertz < BREAK_HERTZ) return (BREAK_MEL * hertz) / BREAK_HERTZ;
  return BREAK_MEL + Math.log(hertz / BREAK_HERTZ) * MELS_PER_LOG;
}

function melToHertz(mel: number): number {
  if (mel < BREAK_MEL) return (BREAK_HERTZ * mel) / BREAK_MEL;
  return BREAK_HERTZ * Math.exp((mel - BREAK_MEL) / MELS_PER_LOG);
}
