/** `veer proxy train`: examples in, a measured proxy beside the model out. */

import type { TrainingEvent } from '../contract/proxy-training.ts';
import { findModel } from '../model-store/find-model.ts';
import { EXIT } from './exit-codes.ts';
import { readExamples } from './proxy-examples.ts';
import { planTraining, type TrainFlags } from './proxy-options.ts';
import { trainingReport } from './proxy-report.ts';
import { cancellable, frozenModel, type ProxyContext, ProxyProgress } from './proxy-run.ts';

/** @returns exit code. @throws VeerError for what keeps it from beginning or ending well */
export async function proxyTrainCommand(
  table: string,
  flags: TrainFlags,
  context: ProxyContext,
): Promise<number> {
  const model = await findModel(context.modelDirectories, flags.model ?? null, null);
  const examples = await readExamples(table, model.task);
  const frozen = frozenModel(flags, model.directory, examples, context);
  const input = planTraining(flags, model.task, frozen, { table, version: context.version });
  const progress = new ProxyProgress(context.streams);
  return cancellable(context, progress, async () => {
    let trained: Extract<TrainingEvent, { type: 'trained' }> | null = null;
    for await (const event of context.engine.trainProxy(input, context.signal)) {
      if (event.type === 'trained') trained = event;
      else progress.show(event);
    }
    progress.end();
    if (trained !== null) context.streams.stdout.write(trainingReport(trained, input));
    return EXIT.ok;
  });
}
