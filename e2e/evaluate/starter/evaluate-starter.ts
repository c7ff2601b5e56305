/** `npm run evaluate -- starter`: the bundled models on the bundled test sets. */

import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Dtype, dtypeSchema } from '../../../src-main/contract/devices.ts';
import { graphFiles } from '../../../src-main/contract/model-layout.ts';
import { sha256OfFile } from '../../../src-main/engine/files/sha256.ts';
import { chosenModels, MODELS_DIRECTORY } from '../../dev-inputs.ts';
import { describeMachine } from '../../machine.ts';
import { logProgress } from '../../progress.ts';
import { dtypeOption } from '../dtype-option.ts';
import { limitOption } from '../limit-option.ts';
import { speechSets, translationSets } from './bundled-sets.ts';
import { type ModelEvaluation, readEvaluation, writeEvaluation } from './evaluation-file.ts';
import { type Circumstances, measureRecogniser, measureTranslator } from './measure-model.ts';
import { COMMAND, starterReport } from './report.ts';

const REPORT = resolve(import.meta.dirname, '../../../docs/starter-models.md');

/**
 * Prints the table; without --limit also writes it to docs/starter-models.md, and each model's
 * numbers to its evaluation.json as soon as the model is done.
 *
 * @param args `[--model NAME]… [--dtype fp32]… [--limit N]`; default: all models, fp32 and int8
 * @param now date of the measurement
 * @throws VeerError CANCELLED, and what loading a model throws; Error for a wrong option
 */
export async function evaluateStarter(
  args: readonly string[],
  now: Date,
  signal: AbortSignal,
): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', multiple: true, default: [] },
      dtype: { type: 'string', multiple: true, default: ['fp32', 'int8'] },
      limit: { type: 'string', default: 'Infinity' },
    },
  });
  const models = chosenModels(values.model);
  const dtypes = values.dtype.map(dtypeOption);
  const limit = limitOption(values.limit);
  const circumstances: Circumstances = {
    command: [COMMAND, ...args].join(' '),
    date: now.toISOString().slice(0, 10),
    machine: await machineLine(),
  };
  const fresh: ModelEvaluation[] = [];
  const finish = async (measured: ModelEvaluation) => {
    fresh.push(measured);
    if (limit < Number.POSITIVE_INFINITY) return;
    const directory = join(MODELS_DIRECTORY, measured.model);
    await writeEvaluation(directory, withEarlier(measured, await present(measured.model)));
    logProgress(`${measured.model}: evaluation.json written`);
  };
  const common = { format: 'veer-model-evaluation', version: 1 } as const;
  const speech = models.transcribe.length > 0 ? await speechSets(limit) : [];
  for (const model of models.transcribe) {
    const measure = (dtype: Dtype) =>
      measureRecogniser(model, dtype, speech, circumstances, signal);
    const measurements = await byDtype(dtypes, measure);
    await finish({ ...common, model, task: 'transcribe', measurements });
  }
  const text = models.translate.length > 0 ? await translationSets(limit) : [];
  for (const model of models.translate) {
    const measure = (dtype: Dtype) => measureTranslator(model, dtype, text, circumstances, signal);
    const measurements = await byDtype(dtypes, measure);
    await finish({ ...common, model, task: 'translate', measurements });
  }
  if (limit < Number.POSITIVE_INFINITY) {
    process.stdout.write(starterReport(fresh));
    return;
  }
  const all = chosenModels([]);
  const evaluations = await Promise.all([...all.transcribe, ...all.translate].map(present));
  const report = starterReport(evaluations.filter((evaluation) => evaluation !== null));
  process.stdout.write(report);
  await writeFile(REPORT, report);
  logProgress('docs/starter-models.md written');
}

async function byDtype<Measurement>(
  dtypes: readonly Dtype[],
  measure: (dtype: Dtype) => Promise<Measurement>,
): Promise<Partial<Record<Dtype, Measurement>>> {
  const measurements: Partial<Record<Dtype, Measurement>> = {};
  for (const dtype of dtypes) measurements[dtype] = await measure(dtype);
  return measurements;
}

/** What was measured on the files that are in the model's folder now; null for nothing. */
async function present(model: string): Promise<ModelEvaluation | null> {
  const directory = join(MODELS_DIRECTORY, model);
  const evaluation = await readEvaluation(directory);
  for (const [name, measurement] of Object.entries(evaluation?.measurements ?? {})) {
    const dtype = dtypeSchema.parse(name);
    const { encoder, decoder } = graphFiles(dtype);
    const [encoderSha256, decoderSha256] = await Promise.all(
      [encoder, decoder].map((file) => sha256OfFile(join(directory, file))),
    );
    const same =
      measurement.encoderSha256 === encoderSha256 && measurement.decoderSha256 === decoderSha256;
    if (!same) delete evaluation?.measurements[dtype];
  }
  return evaluation;
}

/** Dtypes that were not measured this time keep their numbers. */
function withEarlier(measured: ModelEvaluation, earlier: ModelEvaluation | null): ModelEvaluation {
  const measurements = { ...earlier?.measurements, ...measured.measurements };
  return { ...measured, measurements } as ModelEvaluation;
}

async function machineLine(): Promise<string> {
  const { cpu, cores, memoryGiB, platform, versions } = await describeMachine(['onnxruntime-node']);
  const named = Object.entries(versions).map((pair) => pair.join(' '));
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${platform}; ${named.join(', ')}`;
}
