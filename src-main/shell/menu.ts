/** The menu: what the system expects, and nothing that leaves the computer. */

import type { MenuItemConstructorOptions } from 'electron';
import type { ShellLanguage } from './language.ts';

const LABELS = {
  en: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    about: 'About Veer',
    hide: 'Hide Veer',
    hideOthers: 'Hide Others',
    unhide: 'Show All',
    close: 'Close Window',
    quit: 'Quit Veer',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select All',
    zoomIn: 'Zoom In',
    zoomOut: 'Zoom Out',
    resetZoom: 'Actual Size',
    togglefullscreen: 'Full Screen',
    minimize: 'Minimize',
    reload: 'Reload',
    toggleDevTools: 'Developer Tools',
  },
  de: {
    file: 'Datei',
    edit: 'Bearbeiten',
    view: 'Ansicht',
    window: 'Fenster',
    about: 'Über Veer',
    hide: 'Veer ausblenden',
    hideOthers: 'Andere ausblenden',
    unhide: 'Alle einblenden',
    close: 'Fenster schließen',
    quit: 'Veer beenden',
    undo: 'Rückgängig',
    redo: 'Wiederholen',
    cut: 'Ausschneiden',
    copy: 'Kopieren',
    paste: 'Einfügen',
    selectAll: 'Alles auswählen',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
    resetZoom: 'Originalgröße',
    togglefullscreen: 'Vollbild',
    minimize: 'Im Dock ablegen',
    reload: 'Neu laden',
    toggleDevTools: 'Entwicklerwerkzeuge',
  },
} as const;

type Labels = Record<keyof (typeof LABELS)['en'], string>;
type Title = 'file' | 'edit' | 'view' | 'window';
type Role = Exclude<keyof Labels, Title>;

/** @param isPackaged false shows what developers need */
export function menuTemplate(
  platform: NodeJS.Platform,
  language: ShellLanguage,
  isPackaged: boolean,
): MenuItemConstructorOptions[] {
  const labels: Labels = LABELS[language];
  const item = (role: Role): MenuItemConstructorOptions => ({ role, label: labels[role] });
  const menu = (
    title: Title | null,
    groups: readonly (readonly Role[])[],
  ): MenuItemConstructorOptions => ({
    label: title === null ? 'Veer' : labels[title],
    submenu: groups.flatMap((group, index): MenuItemConstructorOptions[] => [
      ...(index === 0 ? [] : [{ type: 'separator' as const }]),
      ...group.map(item),
    ]),
  });
  const mac = platform === 'darwin';
  return [
    ...(mac ? [menu(null, [['about'], ['hide', 'hideOthers', 'unhide'], ['quit']])] : []),
    menu('file', [mac ? ['close'] : ['quit']]),
    menu('edit', [
      ['undo', 'redo'],
      ['cut', 'copy', 'paste', 'selectAll'],
    ]),
    menu('view', [
      ['zoomIn', 'zoomOut', 'resetZoom'],
      ['togglefullscreen'],
      ...(isPackaged ? [] : [['reload', 'toggleDevTools'] as const]),
    ]),
    ...(mac ? [menu('window', [['minimize']])] : []),
  ];
}
