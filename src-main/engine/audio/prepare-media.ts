/** Writes what the screens play and draw, in one pass over the recording (docs/media.md). */

import { open, rename, rm, writeFile } from 'node:fs/promises';
import type { MediaEvent, MediaInput } from '../../contract/engine-contract.ts';
import { causeMessage, isDiskFull, throwIfCancelled, VeerError } from '../../contract/errors.ts';
import { PeaksBuilder } from '../../media/peaks-builder.ts';
import { openAudio } from './decode-audio.ts';
import { PLAYBACK_RATE, PlaybackWriter } from './playback-writer.ts';

/** Milliseconds between two progress events. */
const PROGRESS_INTERVAL = 100;

/**
 * Writes the playback copy and the peaks: both, or neither. What a process that was killed leaves
 * behind is `<path>.part`, which the next call overwrites.
 *
 * @throws VeerError as reading audio (decode-audio.ts; a file that is cut short too), CANCELLED,
 *   OUTPUT_NOT_WRITABLE, DISK_FULL
 */
export async function prepareMedia(
  { path, playbackPath, peaksPath }: MediaInput,
  emit: (event: MediaEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const playbackPart = `${playbackPath}.part`;
  const peaksPart = `${peaksPath}.part`;
  await using audio = await openAudio(path, { signal, samplingRate: PLAYBACK_RATE });
  try {
    const peaks = new PeaksBuilder(PLAYBACK_RATE);
    using playback = new PlaybackWriter(playbackPart);
    let samples = 0;
    let reported = Number.NEGATIVE_INFINITY;
    for await (const chunk of audio.chunks(signal)) {
      playback.write(chunk);
      peaks.add(chunk);
      samples += chunk.length;
      if (performance.now() - reported < PROGRESS_INTERVAL) continue;
      reported = performance.now();
      const done = samples / PLAYBACK_RATE;
      const total = audio.declaredDuration;
      emit({ type: 'progress', done, total: total && Math.max(total, done) });
    }
    playback.finish();
    const duration = samples / PLAYBACK_RATE;
    emit({ type: 'progress', done: duration, total: duration });
    await writable(async () => {
      await writeFile(peaksPart, peaks.finish());
      await putInPlace(playbackPart, playbackPath, signal);
      await putInPlace(peaksPart, peaksPath, signal);
    });
    emit({ type: 'done', duration });
  } catch (error) {
    for (const file of [playbackPart, peaksPart, playbackPath, peaksPath]) {
      await rm(file, { force: true }).catch(() => undefined);
    }
    throw error;
  }
}

/** On the disk first, so that a power cut leaves the old file or the new one. */
async function putInPlace(part: string, path: string, signal: AbortSignal): Promise<void> {
  const file = await open(part, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  throwIfCancelled(signal);
  await rename(part, path);
}

async function writable(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    if (cause instanceof VeerError) throw cause;
    const full = isDiskFull(cause);
    throw new VeerError(
      full ? 'DISK_FULL' : 'OUTPUT_NOT_WRITABLE',
      full
        ? 'The disk is full, so no sound curve could be written. Free some space and try again.'
        : `The playback copy could not be put in place (${causeMessage(cause)}). Check the data folder.`,
      { cause },
    );
  }
}
