/** Comparing versions: which strength, which units, what is kept. */

import { formats } from '../formats.ts';

const { count, number } = formats('en');
const differ = (differing: number, of: number) =>
  differing === 1 || of === 1 ? 'differs' : 'differ';

export const compare = {
  title: 'Comparison',
  units: 'Units',
  unit: (index: number, time: string) => (time === '' ? `Unit ${index}` : `Unit ${index}, ${time}`),
  yours: 'Your text',
  alternative: 'Alternative',
  plain: 'Plain',
  version: { left: 'Version A', right: 'Version B' },
  counts: {
    all: (units: number) => count(units, 'unit', 'units'),
    differing: (differing: number, units: number) =>
      `${number(differing)} of ${count(units, 'unit', 'units')} ${differ(differing, units)}`,
    partly: (differing: number, compared: number, units: number) =>
      `${number(differing)} of ${count(compared, 'compared unit', 'compared units')} ${differ(differing, compared)}, ${number(units)} in all`,
    reviewed: (reviewed: number, differing: number) =>
      `${number(reviewed)} of ${number(differing)} reviewed`,
    tally: (plain: number, alternative: number) =>
      `Chosen: plain ${number(plain)}, alternative ${number(alternative)}`,
  },
  filter: { label: 'Units shown', differing: 'Differing only', all: 'All' },
  blind: 'Hide which is which',
  strength: {
    label: 'Strength (α)',
    stops: { off: 'Off', low: 'Low', suggested: 'Suggested', high: 'High', max: 'Max' },
    free: 'Other',
    alpha: (alpha: string) => `α ${alpha}`,
    none: 'This model has no proxy, so there is only the plain version.',
    proven: 'The suggested strength has a proven gain on test data.',
    unproven: 'The proxy of this model has no proven gain on test data.',
    unmeasured: 'The proxy of this model was not measured in this precision.',
    tryIt: 'Move the slider to try it.',
    hidden: 'The strength is hidden while you choose.',
    measured: (alpha: string, gain: string, low: string, high: string, metric: string) =>
      `At α ${alpha}: ${gain} ${metric} points better, 95 % interval ${low} to ${high}.`,
    wholeFile: 'Compute for the whole file',
    wholeFileIn: (time: string) => `Compute for the whole file (${time})`,
    computingAll: (missing: number) =>
      `Computing for the whole file: ${count(missing, 'unit', 'units')} to go`,
  },
  time: {
    seconds: (seconds: number) => `about ${number(seconds)} s`,
    minutes: (minutes: number) => `about ${number(minutes)} min`,
    hours: (hours: number) => `about ${number(hours)} h`,
  },
  scores: {
    wer: 'Word error rate (lower is better)',
    chrf: 'chrF (higher is better)',
    units: (units: number) => `over ${count(units, 'unit', 'units')}`,
    whole: 'over the whole text',
    at: (alpha: string) => `Alternative, α ${alpha}`,
  },
  encodedAgain: (units: number) =>
    `${count(units, 'unit', 'units')} had to be encoded again, because the stored encoder outputs had been cleared or had no room.`,
  row: {
    keep: 'Keep',
    keepPlain: 'Keep plain',
    keepAlternative: 'Keep alternative',
    keepLeft: 'Keep version A',
    keepRight: 'Keep version B',
    play: 'Play',
    edit: 'Edit',
    corrected: 'Corrected',
    keptOther: (alpha: string) => `Kept: α ${alpha}`,
    correctionHidden: 'Your correction stays with the version it was made on.',
    computing: 'computing …',
    notComputed: 'Not computed yet',
    growing: 'Being decoded …',
    empty: 'No words',
    editField: 'Your text of this unit',
    editHint: 'Ctrl+Enter saves, Escape gives up',
  },
  nothing: {
    noText: 'No text yet',
    noTextWhy: 'It appears here as it is made, unit by unit.',
    failed: 'No text was made',
    failedWhy: 'The job ended before its first unit. The queue says why, and can try it again.',
    equal: 'No unit differs',
    equalWhy: 'At this strength both versions are the same, word for word.',
    equalSoFar: 'No unit differs so far',
    showAll: 'Show all units',
  },
  details: {
    title: (index: number) => `Details of unit ${index}`,
    hidden: 'Shown once you have chosen.',
    versions: 'Versions',
    alphas: (alphas: string) => `α ${alphas}`,
    between: ', ',
    cut: 'The length limit ended it; words may be missing.',
    free: 'Another α',
    freeHint: 'Any number, for example 0.03',
    try: 'Try',
    predicted: 'Predicted score',
    predictedNote: 'predicted from the encoder, not measured on this text',
    edits: 'Words changed from plain',
    meanLog: 'Mean log-probability',
    gradient: 'Gradient norm',
    chart: 'Over the strengths computed',
    chartText: (points: string) => `Chart over α. ${points}`,
    chartPoint: (alpha: string, score: string, edits: string) =>
      `α ${alpha}: predicted score ${score}, words changed ${edits}.`,
    unknown: 'not known',
    proxy: 'Proxy',
    timings: 'Time taken by this run',
    timing: {
      read: 'Reading',
      features: 'Features',
      encode: 'Encoding',
      proxy: 'Proxy',
      decode: 'Decoding',
      total: 'In all',
      load: 'Loading the model',
    },
    seconds: (seconds: string) => `${seconds} s`,
    reference: 'What should it say?',
    referenceHint: 'With this, every version is measured against it.',
    saveReference: 'Save reference',
  },
  keys: {
    next: 'Next unit',
    previous: 'Previous unit',
    play: 'Play the unit',
    keepLeft: 'Keep plain (or version A)',
    keepRight: 'Keep the alternative (or version B)',
    edit: 'Edit the text',
    save: 'Save the edit',
    giveUp: 'Give the edit up',
    undo: 'Undo',
    redo: 'Redo',
    help: 'Show the keys',
  },
};
