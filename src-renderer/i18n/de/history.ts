/** Die Liste alles Hinzugefügten: suchen, filtern, umbenennen, löschen. */

import { formats } from '../formats.ts';
import type { Messages } from '../messages.ts';

const { count, number } = formats('de');

export const history: Messages['history'] = {
  title: 'Verlauf',
  search: 'Namen und Texte durchsuchen',
  searchShort: 'Suchen',
  found: (items) => `${count(items, 'Eintrag', 'Einträge')} gefunden`,
  filters: 'Filter',
  kind: 'Art',
  state: 'Zustand',
  allKinds: 'Jede Art',
  allStates: 'Jeder Zustand',
  recordings: 'Aufnahmen',
  texts: 'Texte',
  recording: 'Aufnahme',
  text: 'Text',
  notKept: 'wird nicht behalten',
  empty: 'Noch nichts da',
  emptyHint: 'Was Sie hinzufügen, steht hier.',
  nothingFound: 'Nichts gefunden',
  showAll: 'Alles zeigen',
  actions: (name) => `Aktionen für ${name}`,
  rename: 'Umbenennen …',
  renameTitle: 'Umbenennen',
  name: 'Name',
  nameMissing: 'Geben Sie einen Namen ein.',
  export: 'Exportieren …',
  selected: 'ausgewählt',
  selectedItems: (items) => `${number(items)} ausgewählt`,
  deleteSelected: 'Die ausgewählten Einträge löschen',
  clearSelection: 'Auswahl aufheben',
  deleted: (name) => `Gelöscht: ${name}`,
  deletedItems: (items) => `${count(items, 'Eintrag', 'Einträge')} gelöscht`,
  undoFor: (seconds) => `Rückgängig (${number(seconds)} s)`,
  undoForMinutes: (minutes) => `Rückgängig (${number(minutes)} min)`,
  deletedForGood: 'Das lässt sich nicht mehr rückgängig machen.',
};
