/**
 * Finds where to cut running speech: in the middle of the longest and deepest pause.
 *
 * A pause is a run of 10 ms frames whose energy lies near the window's own noise floor, so the
 * level of the recording does not matter. Not promised: that noise louder than speech, or music,
 * has pauses; there the quietest place is taken.
 */

/** Seconds. */
const FRAME = 0.01;
/** Earlier cuts would make short windows, and more of them. Share of the window. */
const SEARCH_FROM = 0.4;
/** Seconds. Shorter dips are closures of p, t, k inside words. */
const SHORTEST_PAUSE = 0.08;
/** Seconds over which the quietest place is sought where no pause is. */
const VALLEY = 0.2;
/** Energy below which differences mean nothing, dB below full scale. */
const LOWEST_DB = -100;
/** A pause lies below the loud parts by at least the first and by the second at most (dB). */
const LEAST_DROP_DB = 10;
const ENOUGH_DROP_DB = 35;
/** Where between noise floor (0) and loud parts (1) pauses end. */
const THRESHOLD_SHARE = 0.3;
/** Frames count up to this depth (dB): a short digital hole must not beat a long pause. */
const DEEPEST = 30;

/**
 * @param samples a full window, mono
 * @param samplingRate Hz
 * @returns samples before the cut, in [1, samples.length]
 */
export function findCut(samples: Float32Array, samplingRate: number): number {
  const frameSamples = Math.max(1, Math.round(FRAME * samplingRate));
  const energies = frameEnergies(samples, frameSamples);
  const from = Math.floor(energies.length * SEARCH_FROM);
  if (from >= energies.length) return samples.length;
  const levels = movingAverage(energies, 3).map(decibels);
  const centre = bestPause(levels, from) ?? quietestPlace(energies, from);
  return Math.max(1, Math.round(centre * frameSamples));
}

/** Centre of the best pause in frames (may end in .5), or null when there is none. */
function bestPause(levels: Float64Array, from: number): number | null {
  const sorted = levels.toSorted();
  const floor = sorted[Math.floor(0.1 * sorted.length)] as number;
  const loud = sorted[Math.floor(0.95 * sorted.length)] as number;
  const relative = floor + THRESHOLD_SHARE * (loud - floor);
  const threshold = Math.min(Math.max(relative, loud - ENOUGH_DROP_DB), loud - LEAST_DROP_DB);
  const shortest = Math.round(SHORTEST_PAUSE / FRAME);
  let best: number | null = null;
  let bestArea = 0;
  for (let start = from; start < levels.length; ) {
    let end = start;
    let area = 0;
    for (; end < levels.length && (levels[end] as number) < threshold; end++) {
      area += Math.min(DEEPEST, threshold - (levels[end] as number));
    }
    // Of equals the later one wins: longer windows, fewer of them.
    if (end - start >= shortest && area >= bestArea) {
      best = (start + end) / 2;
      bestArea = area;
    }
    start = end + 1;
  }
  return best;
}

/** Centre of the quietest frame, in frames; the last of equals. */
function quietestPlace(energies: Float64Array, from: number): number {
  const smooth = movingAverage(energies, Math.round(VALLEY / FRAME));
  let best = from;
  for (let i = from; i < smooth.length; i++) {
    if ((smooth[i] as number) <= (smooth[best] as number)) best = i;
  }
  return best + 0.5;
}

/** Mean square around the frame's mean, so that an offset of the microphone does not count. */
function frameEnergies(samples: Float32Array, frameSamples: number): Float64Array {
  const energies = new Float64Array(Math.floor(samples.length / frameSamples));
  for (let frame = 0; frame < energies.length; frame++) {
    let sum = 0;
    let squares = 0;
    for (let i = frame * frameSamples; i < (frame + 1) * frameSamples; i++) {
      const sample = samples[i] as number;
      sum += sample;
      squares += sample * sample;
    }
    const mean = sum / frameSamples;
    energies[frame] = Math.max(0, squares / frameSamples - mean * mean);
  }
  return energies;
}

/** Mean over about `width` values around each; fewer at the ends. */
function movingAverage(values: Float64Array, width: number): Float64Array {
  const reach = Math.floor(width / 2);
  return values.map((_, i) => {
    const around = values.subarray(Math.max(0, i - reach), i + reach + 1);
    return around.reduce((sum, value) => sum + value, 0) / around.length;
  });
}

function decibels(energy: number): number {
  return Math.max(LOWEST_DB, 10 * Math.log10(energy));
}
