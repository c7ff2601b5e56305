/** Main process's side of granting a file: paths come from the preload only, ids go back. */

import { stat } from 'node:fs/promises';
import { basename, isAbsolute } from 'node:path';
import type { IpcMainInvokeEvent } from 'electron';
import { GRANT, type GrantAnswer } from '../contract/channels.ts';
import { VeerError } from '../contract/errors.ts';
import { isTrustedFrame } from './app-url.ts';

/** Where granted files are kept; the application's grants fit. */
export interface GrantRegister {
  register(file: {
    readonly path: string;
    readonly name: string;
    readonly size: number;
    readonly ownsFile: boolean;
  }): string;
}

/** The part of IpcMain that is used. */
export interface GrantRequests {
  handle(
    channel: string,
    listener: (event: IpcMainInvokeEvent, path: unknown) => Promise<GrantAnswer>,
  ): void;
}

export function answerGrants(requests: GrantRequests, grants: GrantRegister): void {
  requests.handle(GRANT, async (event, path) => {
    try {
      if (!isTrustedFrame(event.senderFrame)) {
        throw new VeerError('ACCESS_DENIED', 'Only the window of Veer can hand it files.');
      }
      return { grantId: await grantFile(grants, path) };
    } catch (error) {
      if (!(error instanceof VeerError)) throw error;
      return { code: error.code, message: error.message };
    }
  });
}

/** @throws VeerError FILE_NOT_FOUND, FILE_IS_DIRECTORY, FILE_UNREADABLE */
async function grantFile(grants: GrantRegister, path: unknown): Promise<string> {
  if (typeof path !== 'string' || !isAbsolute(path) || path.includes('\0')) throw notAFile();
  const stats = await stat(path).catch((cause: unknown) => {
    throw notAFile(cause);
  });
  if (stats.isDirectory()) {
    throw new VeerError(
      'FILE_IS_DIRECTORY',
      `${basename(path)} is a folder. Drop the files in it instead.`,
    );
  }
  if (!stats.isFile()) {
    throw new VeerError(
      'FILE_UNREADABLE',
      `${basename(path)} is not an ordinary file. Copy its content to one and drop that.`,
    );
  }
  return grants.register({ path, name: basename(path), size: stats.size, ownsFile: false });
}

function notAFile(cause?: unknown): VeerError {
  return new VeerError(
    'FILE_NOT_FOUND',
    'The file is not there any more, or is not one of this computer. Choose it again.',
    { cause },
  );
}
