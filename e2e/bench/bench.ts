/**
 * `npm run bench -- [--pairs 7] [--dtype fp32] [--dtype int8] [--model NAME]… [--threads 2]
 * [--utterances 64] [--sentences 100] [--out docs/benchmarks.md]`
 *
 * Measures Veer against transformers.js on bundled models (those that Veer takes by itself, unless
 * others are named), prints a report and writes it. Run it on a machine that does nothing else:
 * about five minutes per dtype. Ctrl-C ends it and its workers, which notice that their channel is
 * closed.
 */

import { writeFile } from 'node:fs/promises';
import { causeMessage } from '../../src-main/contract/errors.ts';
import { describeMachine } from '../machine.ts';
import { benchOptions } from './bench-options.ts';
import { type ModelMeasurement, measureModel } from './measure-model.ts';
import { formatReport } from './report.ts';

try {
  const { pairs, dtypes, models, threads, inputs, out, command } = benchOptions(
    process.argv.slice(2),
  );
  const machine = await describeMachine(['onnxruntime-node', '@huggingface/transformers']);
  const measurements: ModelMeasurement[] = [];
  for (const dtype of dtypes) {
    for (const task of ['transcribe', 'translate'] as const) {
      for (const model of models[task]) {
        const setup = { task, model, dtype, threads, inputs: inputs[task] };
        measurements.push(await measureModel(setup, pairs));
      }
    }
  }
  const date = new Date();
  const report = formatReport({ command, date, machine, pairs, threads, measurements });
  process.stdout.write(report);
  await writeFile(out, report);
} catch (error) {
  process.stderr.write(`${causeMessage(error)}\n`);
  process.exitCode = 1;
}
