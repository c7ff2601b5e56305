/** The application behind its contract: every procedure in a line, every error with its code. */

import { implement, ORPCError } from '@orpc/server';
import { appContract } from '../contract/app-contract.ts';
import { toTransportError, withTransportErrors } from '../contract/error-transport.ts';
import type { App } from './app.ts';

const NEVER = new AbortController().signal;

export function appRouter(app: App) {
  const server = implement(appContract).use(async ({ next }) => {
    try {
      return await next();
    } catch (error) {
      // The transport's own errors (an input that breaks the contract) are named already.
      throw error instanceof ORPCError ? error : toTransportError(error);
    }
  });
  return server.router({
    app: {
      info: server.app.info.handler(() => app.info()),
      restoreBackup: server.app.restoreBackup.handler(({ input }) => app.restoreBackup(input.name)),
      startEmpty: server.app.startEmpty.handler(() => app.startEmpty()),
      storage: server.app.storage.handler(() => app.storage()),
      clearEncoderCache: server.app.clearEncoderCache.handler(() => app.clearEncoderCache()),
      clearTrainingCache: server.app.clearTrainingCache.handler(() => app.clearTrainingCache()),
      diagnostics: server.app.diagnostics.handler(() => app.diagnostics()),
    },
    jobs: {
      add: server.jobs.add.handler(({ input }) => app.core.add(input)),
      again: server.jobs.again.handler(({ input }) =>
        input.type === 'run'
          ? app.core.runAgain(input.itemId, input.settings)
          : app.core.queue.addVariants(input.runId, input.work),
      ),
      list: server.jobs.list.handler(() => [...app.core.queue.list()]),
      watch: server.jobs.watch.handler(({ signal }) => app.core.queue.watch(signal)),
      update: server.jobs.update.handler(({ input }) =>
        app.core.updateJob(input.jobId, input.settings),
      ),
      move: server.jobs.move.handler(({ input }) => app.core.queue.move(input.jobId, input.before)),
      cancel: server.jobs.cancel.handler(({ input }) => app.core.queue.cancel(input.jobId)),
      retry: server.jobs.retry.handler(({ input }) => app.core.queue.retry(input.jobId)),
      remove: server.jobs.remove.handler(({ input }) => app.core.queue.remove(input.jobId)),
    },
    history: {
      list: server.history.list.handler(({ input }) => app.core.history.list(input)),
      open: server.history.open.handler(({ input }) => app.core.history.open(input.itemId)),
      segments: server.history.segments.handler(({ input: { runId, from, limit } }) =>
        app.core.history.segments(runId, from, limit),
      ),
      rename: server.history.rename.handler(({ input }) =>
        app.core.rename(input.itemId, input.name),
      ),
      setKeep: server.history.setKeep.handler(({ input }) =>
        app.core.setKeep(input.itemId, input.keep),
      ),
      delete: server.history.delete.handler(({ input }) => app.core.delete(input.itemIds)),
      restore: server.history.restore.handler(({ input }) => app.core.restore(input.itemIds)),
      change: server.history.change.handler(({ input: { runId, changes } }) =>
        app.core.history.change(runId, changes),
      ),
      scores: server.history.scores.handler(({ input }) => app.core.scores(input.runId)),
      setReference: server.history.setReference.handler(({ input: { runId, index, text } }) =>
        app.core.history.setReference(runId, index, text),
      ),
      export: server.history.export.handler(({ input: { runId, format, alpha } }) =>
        app.core.export(runId, format, alpha),
      ),
    },
    media: {
      playback: server.media.playback.handler(({ input }) => ({
        url: app.core.playbackUrl(input.itemId),
      })),
      peaks: server.media.peaks.handler(({ input }) => app.core.peaks(input)),
    },
    models: {
      list: server.models.list.handler(() => app.models()),
      card: server.models.card.handler(({ input }) => app.modelCard(input.id)),
      import: server.models.import.handler(({ input, signal = NEVER }) =>
        withTransportErrors(app.importModel(input, signal)),
      ),
      remove: server.models.remove.handler(({ input }) => app.removeModel(input.id)),
    },
    devices: { list: server.devices.list.handler(() => app.devices()) },
    settings: {
      get: server.settings.get.handler(() => app.settings.current),
      update: server.settings.update.handler(({ input }) => app.updateSettings(input)),
    },
  });
}
