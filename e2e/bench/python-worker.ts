/** A side in Python: a process that reads and writes one JSON object per line (models/worker.py). */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { readGenerationFiles } from './generation-files.ts';
import { convertedDirectoryOf } from './made-models.ts';
import type {
  BenchmarkWorker,
  WorkerReady,
  WorkerSetup,
  WorkReply,
  WorkRequest,
} from './protocol.ts';
import { writeWhisperCpp } from './whisper-cpp/write-whisper-cpp.ts';
import { audioSeconds, filledWindows, loadWorkload } from './workload.ts';

const SCRIPTS = {
  ctranslate2: new URL('./models/peer-ctranslate2.py', import.meta.url),
  'whisper.cpp': new URL('./models/peer-whisper-cpp.py', import.meta.url),
} as const;

/** A peer and how it computes. */
export type PythonSide =
  | { readonly peer: 'ctranslate2'; readonly type: 'float32' | 'int8' }
  | {
      readonly peer: 'whisper.cpp';
      readonly type: 'f16' | 'q8_0';
      readonly flashAttention: boolean;
    };

const replySchema = z.object({ time: z.number(), plainIds: z.array(z.array(z.int())) });
const versionSchema = z.object({ version: z.string() });

export class PythonWorker implements BenchmarkWorker {
  readonly ready: WorkerReady;
  readonly version: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(
    child: ChildProcess,
    lines: AsyncIterator<string>,
    ready: WorkerReady,
    version: string,
  ) {
    this.#child = child;
    this.#lines = lines;
    this.ready = ready;
    this.version = version;
  }

  /**
   * @param python an interpreter that has what the peer needs (docs/benchmarking.md)
   * @throws Error when it cannot load
   */
  static async start(python: string, setup: WorkerSetup, side: PythonSide): Promise<PythonWorker> {
    const workload = await loadWorkload(setup);
    const { task } = workload;
    const directory = convertedDirectoryOf(setup.model);
    const { prefix, ...generation } = await readGenerationFiles(directory);
    const folder = await mkdtemp(join(tmpdir(), 'veer-bench-'));
    try {
      const audio = join(folder, 'windows.f32');
      const file = join(folder, 'whisper.bin');
      if (workload.task === 'transcribe') {
        await writeFile(audio, await filledWindows(workload));
      }
      if (side.peer === 'whisper.cpp') await writeWhisperCpp(directory, file, side.type);
      const child = spawn(python, [fileURLToPath(SCRIPTS[side.peer])], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      send(child, {
        ...generation,
        ...side,
        task,
        directory,
        audio,
        file,
        threads: setup.threads,
        inputs:
          workload.task === 'transcribe'
            ? workload.inputs.map(({ length }) => length)
            : workload.inputs.map((text) => `${prefix}${text}`),
      });
      const { version } = versionSchema.parse(await nextLine(lines));
      const ready = { alpha: null, reason: null, audioSeconds: audioSeconds(workload) };
      return new PythonWorker(child, lines, ready, version);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async run({ batchSize }: WorkRequest): Promise<WorkReply> {
    send(this.#child, { batchSize });
    return { ...replySchema.parse(await nextLine(this.#lines)), stages: null };
  }

  stop(): void {
    this.#child.stdin?.end();
  }
}

function send(child: ChildProcess, message: object): void {
  child.stdin?.write(`${JSON.stringify(message)}\n`);
}

async function nextLine(lines: AsyncIterator<string>): Promise<unknown> {
  const line = await lines.next();
  if (line.done) throw new Error('A worker in Python ended; its message stands above.');
  return JSON.parse(line.value);
}
