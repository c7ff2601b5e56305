/** Adding files and texts, and what is done with them. */

import { formats } from '../formats.ts';

const { count } = formats('en');

export const importing = {
  title: 'Add',
  choose: 'Choose files …',
  files: 'Files',
  orDrop: 'or drop audio, video or text anywhere',
  dropFiles: (files: number) => `Drop to add ${count(files, 'file', 'files')}`,
  drop: 'Drop to add',
  dropHint: 'Recordings are turned into text, text files are translated.',
  dropBlocked: 'First correct the options under “Add”',
  paste: 'Text to translate',
  pasteHint: 'Or paste a text',
  pasteDirection: 'Translate this text from and to',
  direction: 'Translate from and to',
  fromTo: (source: string, target: string) => `${source} → ${target}`,
  translate: 'Translate',
  noTranslator: 'No model can translate. Bring one in under “Models”.',
  options: 'Options',
  recordings: 'Recordings',
  spoken: 'Spoken language',
  texts: 'Texts',
  model: 'Model',
  noModel: 'No model is there.',
  thorough: 'Thorough: weighs four texts at a time (4 beams), about three times slower',
  thoroughShort: 'thorough',
  strengths: 'Alternative versions (α)',
  strengthsHint:
    'Beside the plain text Veer can write others, by nudging the model a little (α = how much), for example 0.05 0.1.',
  strengthsOpen: 'as the model suggests',
  strengthsOpenHint: 'Empty: one as the model suggests, only where a gain is proven.',
  notANumber: (word: string) => `“${word}” is not a number. Write, for example, 0.05 0.1`,
  tooMany: (most: number) => `At most ${count(most, 'value', 'values')}.`,
  doNotKeep: 'Do not keep after Veer is closed',
  notKept: 'not kept',
  uploads: 'Files on their way',
  sent: (name: string) => `Sent of ${name}`,
  sentOf: (sent: string, total: string) => `${sent} of ${total}`,
  next: 'Comes next',
  cancelNamed: (name: string) => `Cancel ${name}`,
  dismiss: 'Dismiss',
  dismissNamed: (name: string) => `Dismiss ${name}`,
};
