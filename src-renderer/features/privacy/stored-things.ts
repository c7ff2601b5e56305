/** Everything that Veer stores, in the order of the privacy page. */

import type { AppInfo } from '../../../src-main/contract/app-contract.ts';
import type { Messages } from '../../i18n/messages.ts';
import type { StoragePart } from '../../state/settings/storage-state.svelte.ts';

type Words = Messages['privacy'];
type Shell = AppInfo['shell'];

interface StoredThing {
  readonly name: keyof Words['rows'];
  readonly what: string;
  readonly where: string;
  readonly long: string;
  readonly remove: string;
  /** Whose size is known. */
  readonly part: StoragePart | null;
}

/** Where recordings lie, and what the shell itself leaves, differs between the shells. */
export function storedThings(shell: Shell, words: Words): readonly StoredThing[] {
  const { rows, untilDeleted, deleteItem } = words;
  const ofItem = { long: untilDeleted, remove: deleteItem };
  const { what, inWindow, inBrowser, remove } = rows.recordings;
  const recording = { name: 'recordings', what, long: untilDeleted, remove } as const;
  return [
    shell === 'web'
      ? { ...recording, where: inBrowser, part: 'items' }
      : { ...recording, where: inWindow, part: null },
    // The size of a folder is said once.
    {
      name: 'playback',
      ...rows.playback,
      ...ofItem,
      where: 'items/',
      part: shell === 'web' ? null : 'items',
    },
    { name: 'sources', ...rows.sources, ...ofItem, where: 'items/', part: null },
    { name: 'texts', ...rows.texts, ...ofItem, where: 'veer.db', part: 'database' },
    { name: 'outputs', ...rows.outputs, where: 'cache/encoder/', part: 'encoder-cache' },
    {
      name: 'training',
      ...rows.training,
      where: 'cache/proxy-training/',
      part: 'proxy-training',
    },
    { name: 'backups', ...rows.backups, where: 'backups/', part: 'backups' },
    { name: 'setAside', ...rows.setAside, where: 'veer-set-aside-….db', part: null },
    { name: 'models', ...rows.models, where: 'models/', part: 'models' },
    { name: 'settings', ...rows.settings, where: 'settings.json', part: null },
    shell === 'web'
      ? { name: 'uploads', ...rows.uploads, where: 'uploads/', part: null }
      : {
          name: 'program',
          ...rows.program,
          where: 'window.json, errors.log, electron/',
          part: null,
        },
  ];
}
