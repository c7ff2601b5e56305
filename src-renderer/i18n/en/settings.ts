/** The settings, section by section. */

import { formats } from '../formats.ts';

const { number } = formats('en');

export const settings = {
  lead: 'Every change is stored at once, on this computer.',
  saved: 'Saved',

  appearance: {
    title: 'Appearance',
    theme: 'Theme',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    language: 'Language of the screens',
    systemLanguage: 'As the system',
  },
  notifications: {
    title: 'Notifications',
    switch: 'Tell me when a job has ended while I look elsewhere',
    hint: 'The notice names no file and shows no text.',
    denied:
      'The system or the browser does not allow notices from Veer. Allow them there, then turn this on again.',
    dismissed: 'The question of the system was not answered. Turn this on to be asked again.',
    missing: 'This browser has no notices.',
  },
  computing: {
    title: 'Computing',
    device: 'Runs on',
    devices: {
      auto: 'Chosen by Veer',
      cpu: 'Processor (CPU)',
      webgpu: 'Graphics card (WebGPU)',
      cuda: 'Graphics card (CUDA)',
      dml: 'Graphics card (DirectML)',
      coreml: 'Apple processors (Core ML)',
    },
    deviceHint:
      'Veer chooses the fastest that “veer devices --bench” has measured on the model, otherwise the processor. If a device cannot be used after all, the processor takes over, and the item says so.',
    looking: 'Looking at what this computer can use …',
    found: 'What this computer can use',
    available: 'Can be used',
    unavailable: 'Cannot be used',
    threads: 'Processor threads',
    threadsHint: 'Empty: chosen by itself. Fewer leave more of the processor to other programs.',
    threadsWrong: (most: number) => `A whole number from 1 to ${number(most)}, or empty.`,
  },
  storage: {
    title: 'Storage',
    where: 'Everything lies in this folder:',
    part: 'What',
    size: 'Size',
    parts: {
      database: 'History with all texts',
      backups: 'Backups of the history',
      items: 'Recordings for playback, uploads, source texts',
      'encoder-cache': 'Encoder outputs',
      'proxy-training': 'Outputs that proxies were trained on',
      models: 'Imported models',
    },
    total: 'Together',
    counting: 'Counting …',
    cache: 'Room for encoder outputs',
    cacheHint:
      'What a model has heard is kept for a while, so that another version of a text comes at once. Beyond this limit the oldest go first.',
    none: 'None',
    clear: 'Clear now',
    clearTraining: 'Clear outputs of proxy training',
    clearing: 'Clearing …',
    cleared: 'Cleared. Outputs are made anew where they are needed.',
  },
  history: {
    title: 'History',
    retention: 'Keep items',
    forever: 'Until I delete them',
    limited: 'For a number of days',
    days: 'Days',
    daysWrong: (most: number) => `A whole number from 1 to ${number(most)}.`,
    daysHint: 'Older items are deleted by themselves, those that are older already at once.',
    apply: 'Apply',
    undo: 'Seconds in which a deletion can be undone',
    undoHint: 'Afterwards nothing of it is left on the disk. 0: at once.',
    undoWrong: (most: number) => `A whole number from 0 to ${number(most)}.`,
  },
  backup: {
    title: 'Backup of the settings',
    hint: 'A small file with the settings of this page. It holds no texts and no history.',
    save: 'Save settings as a file …',
    restore: 'Take settings from a file …',
    chooser: 'File with settings',
    taken: 'The settings of the file are in use now.',
    noSettings: 'This file holds no settings of Veer. Nothing was changed.',
    otherVersion:
      'This file was made by another version of Veer, whose settings differ. Nothing was changed.',
    refused: (entries: string) =>
      `Nothing was changed: Veer does not know these entries, or not with such a value: ${entries}.`,
  },
  help: {
    title: 'Help',
    version: (version: string) => `Veer ${version}`,
    keys: 'Show all keys …',
    keysHint: 'In an open item, the key ? does the same.',
    diagnostics: 'Diagnostics',
    diagnosticsHint:
      'A file for whoever helps you: versions, devices, models, settings, counts and codes of errors. No names, no texts, no recordings. You see it before it is saved, and it is not sent anywhere.',
    collect: 'Show diagnostics …',
    collecting: 'Collecting …',
    preview: 'Diagnostics',
    previewHint: 'This is the whole file.',
    save: 'Save as a file',
    savedAs: (name: string) => `Saved as ${name}.`,
  },
};
