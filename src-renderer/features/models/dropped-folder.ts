/** The files of a folder that was dropped on the page, or chosen, with their paths within it. */

import type { ChosenFile } from '../../state/models/model-import-state.svelte.ts';

export interface ChosenFolder {
  readonly name: string;
  readonly files: readonly ChosenFile[];
}

/** Null where what was dropped is not one folder. To be called while the drop is being handled. */
export function droppedFolder(items: DataTransferItemList): Promise<ChosenFolder> | null {
  const [item, ...others] = [...items].filter(({ kind }) => kind === 'file');
  const entry = item?.webkitGetAsEntry();
  if (others.length > 0 || entry == null || !isFolder(entry)) return null;
  return filesBelow(entry, '').then((files) => ({ name: entry.name, files }));
}

/** Of a file input with `webkitdirectory`; null where the folder is empty. */
export function chosenFolder(list: FileList): ChosenFolder | null {
  const files = [...list].map((file) => {
    const [, ...names] = file.webkitRelativePath.split('/');
    return { path: names.join('/'), file };
  });
  const name = list[0]?.webkitRelativePath.split('/')[0];
  return name === undefined ? null : { name, files };
}

async function filesBelow(
  folder: FileSystemDirectoryEntry,
  path: string,
): Promise<readonly ChosenFile[]> {
  const reader = folder.createReader();
  const files: ChosenFile[] = [];
  while (true) {
    // A folder is told in pieces; the last one is empty.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (entries.length === 0) return files;
    for (const entry of entries) {
      const inside = `${path}${entry.name}`;
      if (isFolder(entry)) {
        files.push(...(await filesBelow(entry, `${inside}/`)));
      } else if (isFile(entry)) {
        const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
        files.push({ path: inside, file });
      }
    }
  }
}

/** By what it says of itself: not every browser has the classes under their standard names. */
function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
