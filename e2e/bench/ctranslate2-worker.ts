/** CTranslate2's side: a Python process that reads and writes one JSON object per line. */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type {
  BenchmarkWorker,
  WorkerReady,
  WorkerSetup,
  WorkReply,
  WorkRequest,
} from './protocol.ts';
import { audioSeconds, loadWorkload } from './workload.ts';

const SCRIPT = fileURLToPath(new URL('./models/peer-ctranslate2.py', import.meta.url));

const generationSchema = z.looseObject({
  decoder_start_token_id: z.int(),
  no_timestamps_token_id: z.int().optional(),
  suppress_tokens: z.array(z.int()),
  max_new_tokens: z.int(),
});
const replySchema = z.object({ time: z.number(), plainIds: z.array(z.array(z.int())) });
const versionSchema = z.object({ version: z.string() });

export class Ctranslate2Worker implements BenchmarkWorker {
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
   * @param python an interpreter that has ctranslate2, faster-whisper and tokenizers
   * @throws Error when it cannot load
   */
  static async start(
    python: string,
    setup: WorkerSetup,
    computeType: 'float32' | 'int8',
  ): Promise<Ctranslate2Worker> {
    const workload = await loadWorkload(setup);
    const { directory, task } = workload;
    const config = await readFile(join(directory, 'generation_config.json'), 'utf8');
    const generation = generationSchema.parse(JSON.parse(config));
    const start = generation.decoder_start_token_id;
    const plain = generation.no_timestamps_token_id;
    const folder = await mkdtemp(join(tmpdir(), 'veer-bench-'));
    try {
      const audio = join(folder, 'windows.f32');
      if (task === 'transcribe') {
        await writeFile(
          audio,
          Buffer.concat(workload.inputs.map((one) => Buffer.from(one.buffer))),
        );
      }
      const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      send(child, {
        task,
        directory,
        audio,
        computeType,
        threads: setup.threads,
        inputs: task === 'transcribe' ? workload.inputs.map((_, i) => i) : workload.inputs,
        prompt: plain === undefined ? [start] : [start, plain],
        suppressed: generation.suppress_tokens,
        newTokens: generation.max_new_tokens,
      });
      const { version } = versionSchema.parse(await nextLine(lines));
      const ready = { alpha: null, reason: null, audioSeconds: audioSeconds(workload) };
      return new Ctranslate2Worker(child, lines, ready, version);
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
  if (line.done) throw new Error('The CTranslate2 worker ended; its message stands above.');
  return JSON.parse(line.value);
}
