/**
 * Finds where to cut running speech: in the middle of the longest pause.
 *
 * A pause is a run of 10 ms frames whose energy lies near the window's own noise floor, so the
 * level of the recording does not matter. Not promised: that noise louder than speech, or music,
 * has pauses; there the quietest place is taken.
 */

/** Seconds. */
const FRAME = 0.01;
/** Earlier cuts would make short windows, and more of them. Share of the window. */
const SEARCH_FROM = 0.4;
/**
 * Seconds. Clear pauses are sought first; dips below the last one are closures of p, t, k inside
 * words.
 */
const PAUSE_LENGTHS = [0.2, 0.08];
/** Seconds over which the quietest place is sought where no pause is. */
const VALLEY = 0.2;
/** dB below full scale. Below this, differences of level mean nothing. */
const LOWEST_DB = -100;
/** Share of the window that lies at the noise floor: one short pause, but more than a hole. */
const FLOOR_SHARE = 0.02;
/** dB. A pause lies so far below the loud parts at least; speech sinks by less within words. */
const LEAST_DROP_DB = 10;
/** dB below the loud parts at which it is quiet enough, however silent the recording can be. */
const ENOUGH_DROP_DB = 45;
/**
 * dB. How far above the noise floor a pause may lie. The first step hardly lets more pass than the
 * noise itself: with a looser one, the words of a soft speaker beside a loud one look like pauses.
 */
const THRESHOLD_STEP_DB = 6;

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
  const loud = sorted[Math.floor(0.95 * sorted.length)] as number;
  const low = sorted[Math.floor(FLOOR_SHARE * sorted.length)] as number;
  const floor = Math.max(low, loud - ENOUGH_DROP_DB);
  for (const length of PAUSE_LENGTHS) {
    let threshold = floor + THRESHOLD_STEP_DB;
    for (; threshold <= loud - LEAST_DROP_DB; threshold += THRESHOLD_STEP_DB) {
      const run = longestRunBelow(threshold, levels, from);
      if (run.end - run.start >= length / FRAME) return (run.start + run.end) / 2;
    }
  }
  return null;
}

/** The longest run of frames under a level; of equals the later, for longer and fewer windows. */
function longestRunBelow(threshold: number, levels: Float64Array, from: number) {
  let longest = { start: from, end: from };
  for (let start = from; start < levels.length; ) {
    let end = start;
    while (end < levels.length && (levels[end] as number) < threshold) end++;
    if (end - start >= longest.end - longest.start) longest = { start, end };
    start = end + 1;
  }
  return longest;
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
