/** The list of everything that was added: searching, filtering, renaming, deleting. */

import { formats } from '../formats.ts';

const { count, number } = formats('en');

export const history = {
  title: 'History',
  search: 'Search names and texts',
  searchShort: 'Search',
  found: (items: number) => `${count(items, 'item', 'items')} found`,
  filters: 'Filters',
  kind: 'Kind',
  state: 'State',
  allKinds: 'All kinds',
  allStates: 'All states',
  recordings: 'Recordings',
  texts: 'Texts',
  recording: 'Recording',
  text: 'Text',
  notKept: 'not kept',
  empty: 'Nothing here yet',
  emptyHint: 'What you add is listed here.',
  nothingFound: 'Nothing found',
  showAll: 'Show everything',
  actions: (name: string) => `Actions for ${name}`,
  rename: 'Rename …',
  renameTitle: 'Rename',
  name: 'Name',
  nameMissing: 'Type a name.',
  export: 'Export …',
  selected: 'selected',
  selectedItems: (items: number) => `${number(items)} selected`,
  deleteSelected: 'Delete the selected items',
  clearSelection: 'Clear the selection',
  deleted: (name: string) => `Deleted: ${name}`,
  deletedItems: (items: number) => `${count(items, 'item', 'items')} deleted`,
  undoFor: (seconds: number) => `Undo (${number(seconds)} s)`,
  undoForMinutes: (minutes: number) => `Undo (${number(minutes)} min)`,
  deletedForGood: 'This can no longer be undone.',
};
