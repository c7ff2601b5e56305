/** Alle Meldungen auf Deutsch. */

import type { Messages } from '../messages.ts';
import { compare } from './compare.ts';
import { editor } from './editor.ts';
import { errors } from './errors.ts';
import { frame } from './frame.ts';
import { history } from './history.ts';
import { importing } from './import.ts';
import { item } from './item.ts';
import { models } from './models.ts';
import { privacy } from './privacy.ts';
import { queue } from './queue.ts';
import { settings } from './settings.ts';
import { jobStates, words } from './words.ts';

export const german: Messages = {
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
  errors,
};
