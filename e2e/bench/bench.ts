/**
 * `npm run bench -- [--pairs 7] [--dtype fp32] [--dtype int8] [--model NAME]… [--threads 2]
 * [--utterances 64] [--sentences 100] [--made NAME]… [--windows 4] [--made-sentences 16]
 * [--python FILE] [--out docs/benchmarks.md]`
 *
 * Measures Veer against transformers.js on the bundled models (or those named), and on models of real
 * size with random weights (`--made`, see models/make-models.py). Where `--python` names an interpreter
 * that has them, CTranslate2 and whisper.cpp are measured too (docs/benchmarking.md). Prints a report and
 * writes it. Run it on a machine that does nothing else. Ctrl-C ends it and its workers, which notice that
 * their channel is closed.
 */

import { writeFile } from 'node:fs/promises';
import { causeMessage } from '../../src-main/contract/errors.ts';
import { describeMachine } from '../machine.ts';
import { logProgress } from '../progress.ts';
import { benchOptions } from './bench-options.ts';
import { type MadeMeasurement, measureMade } from './measure-made.ts';
import { type ModelMeasurement, measureModel } from './measure-model.ts';
import { measureStarts } from './measure-start.ts';
import { formatReport } from './report.ts';

try {
  const options = benchOptions(process.argv.slice(2));
  const { pairs, dtypes, models, threads, inputs, out, command } = options;
  const machine = await describeMachine(['onnxruntime-node', '@huggingface/transformers']);
  const measurements: ModelMeasurement[] = [];
  for (const dtype of dtypes) {
    for (const task of ['transcribe', 'translate'] as const) {
      for (const model of models[task]) {
        const setup = { task, model, dtype, threads, inputs: inputs[task] };
        measurements.push(await measureModel(setup, pairs, options.python));
        logProgress(`${model}, ${dtype}: measured`);
      }
    }
  }
  const made: MadeMeasurement[] = [];
  for (const { model, task } of options.made) {
    for (const dtype of dtypes) {
      const setup = { task, model, dtype, threads, inputs: options.madeInputs[task] };
      made.push(await measureMade(setup, pairs, options.python));
      logProgress(`${model}, ${dtype}: measured`);
    }
  }
  const starts = await measureStarts(threads, pairs);
  const date = new Date();
  const report = formatReport({
    command,
    date,
    machine,
    pairs,
    threads,
    measurements,
    made,
    starts,
  });
  process.stdout.write(report);
  await writeFile(out, report);
} catch (error) {
  process.stderr.write(`${causeMessage(error)}\n`);
  process.exitCode = 1;
}
