/**
 * `npm run bench -- [--model NAME]… [--starts] [--dtype fp32|int8]… [--pairs 7] [--threads 2] [--utterances 16]
 * [--sentences 24] [--windows 4] [--made-sentences 16] [--python FILE] [--redraw] [--out FOLDER]`
 *
 * Measures Veer against transformers.js on the bundled models and from its start to the first text, or only what is
 * named; `--model` also takes models of real size with random weights (see models/make-models.py). Where `--python`
 * names an interpreter that has them, CTranslate2 and whisper.cpp are measured too (docs/benchmarking.md). Each
 * model's numbers are kept as soon as they are there, in docs/results/benchmarks.json, in place of earlier ones; then
 * docs/benchmarks.md is drawn from all of them. `--redraw` only draws. Run it on a machine that does nothing else.
 * Ctrl-C ends it and its workers, which notice that their channel is closed.
 */

import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { causeMessage } from '../../src-main/contract/errors.ts';
import { describeMachine } from '../machine.ts';
import { logProgress } from '../progress.ts';
import {
  type BenchOptions,
  benchOptions,
  commandOf,
  commandOfStarts,
  MODEL_ORDER,
} from './bench-options.ts';
import {
  type Benchmarks,
  type Entry,
  NO_BENCHMARKS,
  readBenchmarks,
  withEntry,
  writeBenchmarks,
} from './benchmarks-file.ts';
import { isMade } from './made-models.ts';
import { measureMade } from './measure-made.ts';
import { measureModel } from './measure-model.ts';
import { measureStarts } from './measure-start.ts';
import { formatReport } from './report.ts';

try {
  await bench(benchOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${causeMessage(error)}\n`);
  process.exitCode = 1;
}

async function bench(options: BenchOptions): Promise<void> {
  const { pairs, setups, starts, threads, python, out } = options;
  const folder = join(out, 'results');
  const file = join(folder, 'benchmarks.json');
  await mkdir(folder, { recursive: true });
  const machine = await describeMachine(['onnxruntime-node', '@huggingface/transformers']);
  const measures = setups.length > 0 || starts;
  let benchmarks = measures && !existsSync(file) ? NO_BENCHMARKS : await readBenchmarks(file);
  const keep = async (measured: string, change: Partial<Benchmarks>) => {
    benchmarks = { ...benchmarks, ...change };
    await writeBenchmarks(file, benchmarks);
    logProgress(`${measured}: written to ${file}`);
  };
  const entryOf = <Measurement>(command: string, measurement: Measurement): Entry<Measurement> => {
    const date = new Date().toISOString().slice(0, 10);
    return { run: { command, date, machine, pairs }, measurement };
  };
  for (const setup of setups) {
    const named = `${setup.model}, ${setup.dtype}`;
    const command = commandOf(setup, options);
    if (isMade(setup.model)) {
      const entry = entryOf(command, await measureMade(setup, pairs, python));
      await keep(named, { made: withEntry(benchmarks.made, entry, MODEL_ORDER) });
    } else {
      const entry = entryOf(command, await measureModel(setup, pairs, python));
      await keep(named, { bundled: withEntry(benchmarks.bundled, entry, MODEL_ORDER) });
    }
  }
  if (starts) {
    const measurement = await measureStarts(threads, pairs);
    await keep('Starts', { starts: entryOf(commandOfStarts(options), measurement) });
  }
  const page = join(out, 'benchmarks.md');
  await writeFile(page, formatReport(benchmarks));
  logProgress(`${page} written`);
}
