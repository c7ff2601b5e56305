/** The files that were dropped on the page, or chosen: of one folder with their paths within it, or as they are. */

import type { ChosenFile } from '../../state/models/model-import-state.svelte.ts';

export interface ChosenFolder {
  /** Of the folder, or of the first file. */
  readonly name: string;
  readonly files: readonly ChosenFile[];
}

/** Null where what was dropped is neither one folder nor files. To be called while the drop is being handled. */
export function droppedFolder(items: DataTransferItemList): Promise<ChosenFolder | null> | null {
  const dropped = [...items].filter(({ kind }) => kind === 'file');
  const entries = dropped.map((item) => item.webkitGetAsEntry());
  const files = dropped.map((item) => item.getAsFile()).filter((file) => file !== null);
  const [entry, ...others] = entries;
  if (entry == null) return null;
  if (!isFolder(entry)) {
    const allFiles = entries.every((each) => each != null && isFile(each));
    return allFiles ? Promise.resolve(chosenFiles(files)) : null;
  }
  if (others.length > 0) return null;
  return filesBelow(entry, '').then((files) => ({ name: entry.name, files }));
}

/** Files that are one model together; null for none. */
export function chosenFiles(list: Iterable<File>): ChosenFolder | null {
  const files = [...list].map((file) => ({ path: file.name, file }));
  const [first] = files;
  return first === undefined ? null : { name: first.path, files };
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
