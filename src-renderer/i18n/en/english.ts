/** Every message in English, but those of errors: the program's own sentences are English. */

import { compare } from './compare.ts';
import { editor } from './editor.ts';
import { frame } from './frame.ts';
import { history } from './history.ts';
import { importing } from './import.ts';
import { item } from './item.ts';
import { models } from './models.ts';
import { privacy } from './privacy.ts';
import { queue } from './queue.ts';
import { settings } from './settings.ts';
import { jobStates, words } from './words.ts';

export const english = {
  words,
  jobStates,
  frame,
  importing,
  queue,
  history,
  item,
  compare,
  editor,
  models,
  settings,
  privacy,
};
