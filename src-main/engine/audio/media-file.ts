/**
 * Checks of an input file that need no decoder: it is there, it is a file, it can be read, it is
 * not empty. Everything that FFmpeg would answer with "invalid data" gets its own named error here.
 */

import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { causeCode, VeerError } from '../../contract/errors.ts';

/** Long enough for the tag and format chunks that stand before the samples of a wav file. */
const HEAD_BYTES = 64 * 1024;

export interface MediaFile {
  /** File name without its folder, in quotes, for messages. */
  readonly label: string;
  /** Size in bytes. */
  readonly size: number;
  /** The first bytes of the file, at most 64 KiB. */
  readonly head: Buffer;
}

/**
 * @throws VeerError FILE_NOT_FOUND, FILE_IS_DIRECTORY, FILE_UNREADABLE, FILE_EMPTY
 */
export async function inspectMediaFile(path: string): Promise<MediaFile> {
  const label = `"${basename(path)}"`;
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) {
      throw new VeerError('FILE_IS_DIRECTORY', `${label} is a folder. Choose a file inside it.`);
    }
    if (!stats.isFile()) {
      throw new VeerError(
        'FILE_UNREADABLE',
        `${label} is a device or a pipe. Save its contents to a file and choose that file.`,
      );
    }
    await access(path, constants.R_OK);
    if (stats.size === 0) {
      throw new VeerError(
        'FILE_EMPTY',
        `${label} is empty (0 bytes). Copy or record it again, then choose the new file.`,
      );
    }
    return { label, size: stats.size, head: await readHead(path) };
  } catch (cause) {
    if (cause instanceof VeerError) throw cause;
    throw fileError(cause, label);
  }
}

const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']);
const FORBIDDEN = new Set(['EACCES', 'EPERM']);

/**
 * The named error for a failed system call on a file.
 * @param cause what Node's fs threw; its `code` is an errno name such as ENOENT
 * @param label the file's name as people should see it
 */
export function fileError(cause: unknown, label: string): VeerError {
  const errno = causeCode(cause) ?? '';
  if (MISSING.has(errno)) {
    return new VeerError(
      'FILE_NOT_FOUND',
      `There is no file ${label} at this place. Check the name, or choose the file again.`,
      { cause },
    );
  }
  const advice = FORBIDDEN.has(errno)
    ? 'You have no permission to read it. Change its permissions or copy it to your own folder.'
    : 'The system could not read it. Check the drive, or copy the file elsewhere and try again.';
  return new VeerError('FILE_UNREADABLE', `${label} cannot be opened. ${advice}`, { cause });
}

async function readHead(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

const MATROSKA = Buffer.from('1a45dfa3', 'hex');
const ASF = Buffer.from('3026b275', 'hex');

/**
 * Whether the first bytes are those of a common audio or video container. A file that bears such
 * a mark and still cannot be opened is damaged or cut short, rather than no media at all.
 */
export function hasMediaSignature(head: Buffer): boolean {
  const start = head.toString('latin1', 0, 12);
  return (
    /^(RIFF|RF64|RIFX)....(WAVE|AVI )/s.test(start) ||
    /^FORM....AIF[FC]/s.test(start) ||
    /^....(ftyp|moov|mdat)/s.test(start) ||
    /^(OggS|fLaC|ID3|caff|#!AMR)/.test(start) ||
    head.subarray(0, 4).equals(MATROSKA) ||
    head.subarray(0, 4).equals(ASF)
  );
}
