/** Where the parts of the built program lie: beside each other, or in and beside its archive. */

import { join, sep } from 'node:path';

export interface ProgramFiles {
  readonly preload: string;
  readonly renderer: string;
  /** Outside the archive, so that native parts are found by their real paths. */
  readonly engineEntry: string;
  readonly models: string;
  readonly samples: string;
  readonly icon: string;
}

/**
 * @param mainDirectory where the built main script lies: `out/main` of the project or the archive
 * @param resources folder of extra files of an installed program, or null where it runs from source
 */
export function programFiles(mainDirectory: string, resources: string | null): ProgramFiles {
  const root = join(mainDirectory, '..', '..');
  return {
    preload: join(mainDirectory, '..', 'preload', 'preload.cjs'),
    renderer: join(mainDirectory, '..', 'renderer'),
    engineEntry: unpacked(join(mainDirectory, 'engine-process.mjs')),
    models: join(resources ?? root, 'models'),
    samples: resources === null ? join(root, 'resources', 'samples') : join(resources, 'samples'),
    icon:
      resources === null
        ? join(root, 'resources', 'icons', 'icon.png')
        : join(resources, 'icon.png'),
  };
}

/** Files that electron-builder puts beside the archive keep their place under another name. */
function unpacked(path: string): string {
  return path.replace(`${sep}app.asar${sep}`, `${sep}app.asar.unpacked${sep}`);
}
