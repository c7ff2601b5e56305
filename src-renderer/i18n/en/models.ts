/** The models that are there, bringing more in, and what they say of themselves. */

import { formats } from '../formats.ts';

const { count } = formats('en');

export const models = {
  lead: 'A model listens or translates. Each is a folder on this computer; Veer never fetches one by itself.',
  listTitle: 'Models on this computer',
  none: 'There is no model yet',
  noneHint: 'Import one below.',
  defaults: 'Used by default',
  defaultFor: { transcribe: 'For recordings', translate: 'For texts' },
  automatic: (name: string) => `Automatic (${name})`,
  gone: (name: string) => `${name} (not there)`,
  isDefault: { transcribe: 'Default for recordings', translate: 'Default for texts' },
  origins: { bundled: 'Comes with Veer', imported: 'Imported' },
  tasks: { transcribe: 'Speech to text', translate: 'Translation' },
  anyLanguage: 'The model does not say which languages it knows',
  card: 'Read its card',
  cardOf: (name: string) => `Card of ${name}`,
  noCard: 'This model says nothing of itself: its folder has no README.md.',
  remove: 'Remove …',
  removeTitle: (name: string) => `Remove ${name}?`,
  removeHint:
    'Its files are deleted from this computer. Texts that it made stay; more versions of them need the same model again.',
  removeNow: 'Remove',
  removed: (name: string) => `${name} is removed.`,
  detailsNamed: (name: string) => `Details of ${name}`,
  family: 'Family',
  dtypes: 'Number formats',
  noProxies: 'It has no proxy: there is one version of each text, and no strength to choose.',
  proven: 'Second version: a gain is proven, so one is made by itself',
  notProven: 'Second version: no proven gain, so it starts Off',
  proxy: (name: string) => `Proxy ${name}`,
  predicts: {
    wer: 'Predicts the word error rate (WER)',
    cer: 'Predicts the character error rate (CER)',
    chrf: 'Predicts the translation score chrF',
    bleu: 'Predicts the translation score BLEU',
    'round-trip-chrf':
      'Predicts how much of the source comes back when the text is translated back (chrF)',
    'log-probability': 'Predicts how sure the model is (log-probability per token)',
    score: 'Predicts scores that its maker gave',
  },
  dtype: 'Number format',
  suggested: 'Suggested α',
  gain: 'Gain, with its 95 % interval',
  points: (gain: string, low: string, high: string) => `${gain} points (${low} to ${high})`,
  verdict: 'Is it proven?',
  yes: 'Yes',
  no: 'No proven gain: starts Off',
  measuredOn: 'Measured on',
  broken: 'Cannot be used',
  brokenProxy: (name: string) => `The proxy ${name} cannot be used:`,

  importTitle: 'Import a model',
  importLead:
    'A folder of the Hugging Face Hub with ONNX graphs or safetensors, a faster-whisper or other CTranslate2 folder, a ggml file of Whisper, an Argos package, a Marian or Firefox model with its vocabulary, or a zip of one of these. Families: Whisper and Moonshine (speech), T5, Marian, M2M100, BART and mBART (translation). Veer tries the model before it is listed.',
  choose: 'Import a model folder …',
  chooseFile: 'Import a file …',
  chooser: 'Model folder',
  fileChooser: 'Model file',
  orDrop: 'or drop it on this page',
  drop: 'Drop the model to import it',
  reading: 'The folder is being read …',
  oneFolder: 'Drop one folder that holds a model, or the files of one model.',
  name: 'Name in Veer',
  nameInvalid:
    'Letters, digits, points, hyphens and underscores, beginning with a letter or a digit.',
  nameTaken: 'A model of this name is there already. Choose another name.',
  missing: (files: string) =>
    `This folder lacks ${files}. Choose the folder in which config.json lies.`,
  tooMany: (most: number) => `A model has at most ${count(most, 'file', 'files')}.`,
  formatsLegend: 'Number formats to take along',
  formatsHint: 'Smaller ones are faster, larger ones more exact. One is enough.',
  madeLegend: 'Number formats to make',
  madeDtype: (dtype: string) =>
    ({
      int8: 'int8 (small and fast)',
      fp16: 'fp16 (exact, half the size)',
      fp32: 'fp32 (exact, the largest)',
      q4: 'q4 (the smallest)',
    })[dtype] ?? dtype,
  madeHint: 'Veer makes the model of these weights. What nothing reads is left out.',
  refused: {
    pickle: (file: string) =>
      `${file} is in Python's own format, which can run code, so Veer does not open it. Save the model as safetensors (save_pretrained does), and import that folder.`,
    gguf: (file: string) =>
      `${file} is a GGUF file, which Veer does not read. Import the same model as safetensors, or Whisper as the .bin of whisper.cpp.`,
  },
  sources: {
    onnx: 'ONNX graphs',
    safetensors: 'safetensors files',
    ctranslate2: 'CTranslate2 folder',
    argos: 'Argos package',
    ggml: 'ggml file',
    marian: 'Marian model',
  },
  recognised: (source: string, family: string, before: string, dtypes: string, after: string) =>
    `Recognised: ${family}, ${source}, ${before}. It becomes ${dtypes}, ${after}.`,
  converting: (dtype: string, done: string, total: string) =>
    `Making ${dtype}: ${done} of ${total}`,
  unpacking: (done: string, total: string) => `Reading ${done} of ${total}`,
  noFormat: 'Choose at least one.',
  what: (files: number, size: string) => `${count(files, 'file', 'files')}, ${size}`,
  leftOut: (files: number, size: string) =>
    `${count(files, 'file', 'files')} (${size}) that Veer does not need: left out`,
  start: 'Import',
  sending: (done: string, total: string) => `Sending ${done} of ${total}`,
  copying: (done: string, total: string) => `Copying ${done} of ${total}`,
  checking: (dtype: string) => `Trying the model (${dtype}). This can take a minute.`,
  progress: 'Progress of the import',
  done: (name: string) => `${name} is imported and works.`,
  failedAt: (file: string) => `${file}:`,
};
