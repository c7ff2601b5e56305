/**
 * One job at work, alone or beside others: asks what is left, has the engine do it, and stores every unit before anybody
 * hears of it. A crash of the engine is an attempt that ended early; the next one goes on where the
 * stored units end.
 */

import { basename } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Device, DeviceFallback, DeviceRequest } from '../contract/devices.ts';
import type { RunEvent, RunOptions } from '../contract/engine-contract.ts';
import { throwIfCancelled, VeerError } from '../contract/errors.ts';
import type { Job, JobEvent, JobStage } from '../contract/jobs.ts';
import { addTimings, NO_TIMINGS, type Segment } from '../contract/result.ts';
import { EncodedAgain } from './encoded-again.ts';
import { JobProgress } from './job-progress.ts';
import type { JobSource, RunFacts } from './job-store.ts';
import { isUrgent } from './queue-order.ts';
import type { QueueParts, RunPlan, SentenceList } from './queue-ports.ts';
import { remainingAudio, remainingText } from './remaining-work.ts';
import { factsAfter } from './run-facts.ts';

/** Engine crashes in a row, without a new segment, that end a job. */
const MOST_CRASHES = 3;
/** Segments after which the encoder outputs are looked at again. */
const PRUNE_EVERY = 32;
/** Sentences that are left of a text when the next ones are read: two batches of the engine. */
const NEARLY_DONE = 64;

interface Prepared {
  readonly source: JobSource;
  readonly plan: RunPlan;
  /** Null for audio. */
  readonly text: SentenceList | null;
}

/** What a run needs of the queue. */
export interface RunPorts {
  /** Hears of every stored change. */
  readonly tell: (event: JobEvent | 'changed') => void;
  /** Resolves when the run before this one has asked the engine, so that they are heard in order. */
  readonly before: Promise<void>;
  /** Others may be started beside this one now. */
  readonly leavesRoom: () => void;
  /** The engine crashed at this one's work, or beside it. */
  readonly crashed: () => void;
  /** Resolves when no run that was started before this one is left. */
  readonly whenFirst: () => Promise<void>;
}

/** One request to the engine. */
interface Pass {
  readonly alphas: readonly number[] | null;
  readonly units: number | null;
  readonly start: (options: RunOptions) => AsyncIterable<RunEvent>;
}

export class JobRun {
  readonly job: Job;
  readonly #parts: QueueParts;
  readonly #ports: RunPorts;
  readonly #abort = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  readonly #asked = Promise.withResolvers<void>();
  readonly #encodedAgain: EncodedAgain;
  #stage: JobStage = 'loading';
  #sourcePath: string | null = null;
  #timings = NO_TIMINGS;
  /** Seconds; null until the engine has said it, and for text. */
  #duration: number | null = null;
  #fallback: DeviceFallback | null = null;
  #device: Device | null = null;
  #sincePrune = 0;
  #begun = false;
  #crashed = false;
  #leavesRoom: boolean;

  constructor(job: Job, parts: QueueParts, ports: RunPorts) {
    this.job = job;
    this.#parts = parts;
    this.#ports = ports;
    this.#encodedAgain = new EncodedAgain(job, ports.tell);
    // The engine reads recordings itself, when there is room. Texts are read here, and sent whole.
    this.#leavesRoom = job.settings.task === 'transcribe';
  }

  /** False while it only waits in the engine for room that others leave. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Marks the job as running, which the first event of the engine does too. */
  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#parts.store.setState(this.job.id, { state: 'running', error: null });
    this.#ports.tell('changed');
  }

  /** Whether the engine may work on both at once. After a crash nobody knows who was to blame. */
  goesWith(other: Job): boolean {
    return (
      !this.stopped &&
      !this.#crashed &&
      this.#leavesRoom &&
      !isUrgent(this.job) &&
      !isUrgent(other) &&
      isDeepStrictEqual(this.job.settings, other.settings)
    );
  }

  get stage(): JobStage {
    return this.#stage;
  }

  get stopped(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Resolves, and never rejects, when the engine was asked or need not be. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  /** Resolves, and never rejects, when nothing more is read or written. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Nothing is stored from here on; `run` rejects once the engine has let go. */
  stop(): void {
    this.#abort.abort();
  }

  /**
   * Does what is left of the job and marks it as done.
   *
   * @throws VeerError of the planner, the reader and the engine; MODEL_CHANGED; CANCELLED after
   *   `stop`; ENGINE_CRASHED after the third crash in a row
   */
  async run(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      throw this.#withItsName(error);
    } finally {
      this.#asked.resolve();
      this.#ended.resolve();
    }
  }

  async #run(): Promise<void> {
    const prepared = await this.#prepare();
    await this.#ports.before;
    throwIfCancelled(this.#abort.signal);
    for (let ended = false; !ended; ) {
      try {
        await this.#attempt(prepared);
        ended = true;
      } catch (error) {
        this.#requireAnotherAttempt(error, prepared.plan.options.device);
        await this.#ownTurn();
      }
    }
    throwIfCancelled(this.#abort.signal);
    this.begin();
    this.#parts.store.finishJob(this.job.id, this.#duration, this.#timings);
    this.#ports.tell('changed');
  }

  /** A file of ours has a name of ours, which no person knows: sentences name the item instead. */
  #withItsName(error: unknown): unknown {
    const source = this.#sourcePath === null ? null : basename(this.#sourcePath);
    if (!(error instanceof VeerError) || source === null || !error.message.includes(source)) {
      return error;
    }
    const message = error.message.replaceAll(this.#sourcePath ?? source, source);
    return new VeerError(error.code, message.replaceAll(source, this.job.name), { cause: error });
  }

  async #prepare(): Promise<Prepared> {
    const { store, planRun, readSentences } = this.#parts;
    const source = store.source(this.job.runId);
    this.#sourcePath = source.path;
    const plan = await planRun(this.job.settings, source.kind);
    throwIfCancelled(this.#abort.signal);
    const text =
      source.kind === 'text' ? await readSentences(source.path, plan.sourceLanguage) : null;
    throwIfCancelled(this.#abort.signal);
    return { source, plan, text };
  }

  async #attempt(prepared: Prepared): Promise<void> {
    const { job } = this;
    const { store, encoderCache } = this.#parts;
    const { source, plan, text } = prepared;
    const facts = store.runFacts(job.runId);
    const units = store.units(job.runId);
    const progress = new JobProgress(
      store.job(job.id),
      source.kind,
      units,
      text?.sentences.length ?? null,
    );
    store.setProgress(job.id, progress.now);
    this.#ports.tell('changed');
    this.#lookAhead(progress);
    for (const pass of this.#passes(prepared)) {
      const options: RunOptions = {
        ...plan.options,
        device: this.#deviceFor(plan.options.device, facts),
        alphas: [...(pass.alphas ?? plan.options.alphas)],
        // Among all versions that a unit begins with; more of them change no choice.
        chooseAlpha: pass.alphas === null && plan.options.chooseAlpha === true,
        // Who asks for more α compares them; whole files are not held up for it.
        predictPerturbed: job.work.kind === 'variants',
        encoderCache: encoderCache.folderOf(job.itemId),
        // What was detected once holds for every later part of the run.
        detectedLanguage: store.runFacts(job.runId)?.sourceLanguage ?? null,
      };
      this.#encodedAgain.beginPass(options.encoderCache === null ? pass.units : null);
      await this.#runPass(pass, options, prepared, progress);
    }
    if (source.kind === 'audio' && job.work.kind === 'whole') {
      const end = Math.max(this.#duration ?? 0, progress.now.done);
      this.#duration = end;
      store.setProgress(job.id, { done: end, total: end });
    }
  }

  #passes({ source, text }: Prepared): readonly Pass[] {
    const { engine, store } = this.#parts;
    const { signal } = this.#abort;
    const units = store.units(this.job.runId);
    if (text === null) {
      return remainingAudio(this.job.work, units).map(({ alphas, part }) => ({
        alphas,
        units: part.type === 'windows' ? part.windows.length : null,
        start: (options) => engine.transcribe(source.path, part, options, signal),
      }));
    }
    return remainingText(this.job.work, units, text.sentences.length).map(
      ({ alphas, indices }) => ({
        alphas,
        units: indices.length,
        start: (options) => {
          const wanted = new Set(indices);
          const sentences = text.sentences.filter(({ index }) => wanted.has(index));
          return engine.translate(sentences, options, signal);
        },
      }),
    );
  }

  async #runPass(
    pass: Pass,
    options: RunOptions,
    prepared: Prepared,
    progress: JobProgress,
  ): Promise<void> {
    let ended = false;
    this.#asked.resolve();
    for await (const event of pass.start(options)) {
      // The engine is heard to its end, so that the next job finds it free.
      if (this.stopped) continue;
      switch (event.type) {
        case 'ready':
          this.#begin(event, options, prepared);
          break;
        case 'language':
          this.#learnLanguage(event);
          break;
        case 'partial':
          this.#ports.tell({
            ...this.#ids,
            type: 'partial',
            index: event.index,
            texts: event.texts,
          });
          break;
        case 'segment':
          this.#commit(event.segment, progress);
          break;
        case 'progress':
          if (progress.learnTotal(event.total)) {
            this.#parts.store.setProgress(this.job.id, progress.now);
            this.#ports.tell('changed');
          }
          break;
        case 'encoder-cache':
          this.#encodedAgain.heard(event.encoded);
          break;
        case 'done':
          ended = true;
          this.#timings = addTimings(this.#timings, event.timings);
          if (this.job.work.kind === 'whole') this.#duration = event.duration;
          this.#encodedAgain.endPass();
          break;
      }
    }
    throwIfCancelled(this.#abort.signal);
    if (!ended) {
      throw new VeerError(
        'INTERNAL',
        'The engine ended without saying that it was done. Try again.',
      );
    }
  }

  #begin(
    ready: Extract<RunEvent, { type: 'ready' }>,
    options: RunOptions,
    { plan, text }: Prepared,
  ): void {
    const { store } = this.#parts;
    this.begin();
    this.#device = ready.device.used;
    const facts = factsAfter(store.runFacts(this.job.runId), ready, {
      threads: options.threads,
      leading: text?.leading ?? null,
      fallback: this.#fallback,
      requested: plan.options.device,
    });
    if (facts !== null) store.setRunFacts(this.job.runId, facts);
    this.#stage = 'decoding';
    this.#ports.tell('changed');
  }

  #learnLanguage({
    language,
    sourceLanguage,
  }: Extract<RunEvent, { readonly type: 'language' }>): void {
    const { store } = this.#parts;
    const facts = store.runFacts(this.job.runId);
    if (facts === null) return;
    store.setRunFacts(this.job.runId, { ...facts, language, sourceLanguage });
    this.#ports.tell('changed');
  }

  #commit(segment: Segment, progress: JobProgress): void {
    const { store, encoderCache, reportFault } = this.#parts;
    if (!store.commitSegment(this.job.id, segment, progress.with(segment))) return;
    this.#ports.tell({ ...this.#ids, type: 'segment', index: segment.index });
    this.#ports.tell('changed');
    this.#lookAhead(progress);
    if (++this.#sincePrune < PRUNE_EVERY) return;
    this.#sincePrune = 0;
    encoderCache.prune().catch(reportFault);
  }

  #lookAhead({ now: { done, total } }: JobProgress): void {
    if (this.#leavesRoom || total === null || total - done > NEARLY_DONE) return;
    this.#leavesRoom = true;
    this.#ports.leavesRoom();
  }

  /** @throws the error, unless it is a crash and the job may go on */
  #requireAnotherAttempt(error: unknown, requested: DeviceRequest): void {
    const crash = error instanceof VeerError && error.code === 'ENGINE_CRASHED';
    if (this.stopped || !this.#begun || !crash) throw error;
    this.#crashed = true;
    this.#ports.crashed();
    if (this.#parts.store.countCrash(this.job.id) >= MOST_CRASHES) throw error;
    this.#stage = 'loading';
    this.#ports.tell('changed');
    // What crashed while it loaded is not known by name, only what was asked for.
    const crashed = this.#device ?? (requested === 'auto' ? null : requested);
    if (crashed !== 'cpu') this.#fallback ??= { device: crashed ?? 'cpu', reason: error.message };
  }

  /** A crash takes all along that were at work: from then on each of them goes alone. */
  async #ownTurn(): Promise<void> {
    const { signal } = this.#abort;
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([this.#ports.whenFirst(), stopped]);
    throwIfCancelled(signal);
  }

  /** A run that had to leave a device stays on the CPU, also after a restart. */
  #deviceFor(requested: DeviceRequest, facts: RunFacts | null): DeviceRequest {
    const left = facts !== null && facts.device.used === 'cpu' && facts.device.fallbacks.length > 0;
    return this.#fallback !== null || (left && this.job.work.kind === 'whole') ? 'cpu' : requested;
  }

  get #ids() {
    return { jobId: this.job.id, runId: this.job.runId };
  }
}
