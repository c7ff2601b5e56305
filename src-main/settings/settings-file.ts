/**
 * The settings on the disk: one JSON file with a version, checked against its schema. It is written
 * through a temporary file, so a crash leaves the old settings or the new ones.
 */

import { readFileSync, renameSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { causeCode, causeMessage, VeerError } from '../contract/errors.ts';
import {
  DEFAULT_SETTINGS,
  type Settings,
  type SettingsChange,
  settingsSchema,
} from '../contract/settings.ts';

export class SettingsFile {
  readonly #path: string;
  #settings: Settings;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, settings: Settings) {
    this.#path = path;
    this.#settings = settings;
  }

  /**
   * A file that is not there means defaults. One that cannot be understood is set aside as
   * `….unreadable`, so that the program starts and nothing is lost.
   */
  static open(path: string): SettingsFile {
    const stored = readStored(path);
    if (stored === 'unreadable') renameSync(path, `${path}.unreadable`);
    return new SettingsFile(
      path,
      stored === null || stored === 'unreadable' ? DEFAULT_SETTINGS : stored,
    );
  }

  get current(): Settings {
    return this.#settings;
  }

  /** @throws VeerError OUTPUT_NOT_WRITABLE; the settings stay as they were */
  async update(change: SettingsChange): Promise<Settings> {
    const before = this.#writing;
    const written = before.then(async () => {
      const next = settingsSchema.parse({ ...this.#settings, ...change });
      await write(this.#path, next);
      this.#settings = next;
    });
    // A failed change is its caller's; the next one starts anew.
    this.#writing = written.catch(() => undefined);
    await written;
    return this.#settings;
  }
}

function readStored(path: string): Settings | 'unreadable' | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    if (causeCode(cause) === 'ENOENT') return null;
    throw new VeerError(
      'SETTINGS_INVALID',
      `The settings ${path} cannot be read (${causeMessage(cause)}). Check who may read the file.`,
      { cause },
    );
  }
  try {
    return settingsSchema.parse(JSON.parse(text));
  } catch {
    return 'unreadable';
  }
}

async function write(path: string, settings: Settings): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeFile(temporary, `${JSON.stringify(settings, null, 2)}\n`, { flush: true });
    await rename(temporary, path);
  } catch (cause) {
    throw new VeerError(
      'OUTPUT_NOT_WRITABLE',
      `The settings cannot be stored (${causeMessage(cause)}). Check the space and the rights of the data folder.`,
      { cause },
    );
  }
}
