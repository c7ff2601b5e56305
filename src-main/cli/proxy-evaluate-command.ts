/** `veer proxy evaluate`: how well a proxy predicts examples, and what its steps gain there. */

import { basename } from 'node:path';
import type { EvaluationEvent } from '../contract/proxy-training.ts';
import { findModel, findProxy } from '../model-store/find-model.ts';
import { EXIT } from './exit-codes.ts';
import { readExamples } from './proxy-examples.ts';
import type { FrozenModelFlags } from './proxy-options.ts';
import { evaluationReport } from './proxy-report.ts';
import { cancellable, frozenModel, type ProxyContext, ProxyProgress } from './proxy-run.ts';

export interface EvaluateFlags extends FrozenModelFlags {
  readonly proxy?: string;
  readonly alpha?: readonly number[];
  readonly seed: number;
}

/** @returns exit code. @throws VeerError for what keeps it from beginning or ending well */
export async function proxyEvaluateCommand(
  table: string,
  flags: EvaluateFlags,
  context: ProxyContext,
): Promise<number> {
  const model = await findModel(context.modelDirectories, flags.model ?? null, null);
  const proxy = findProxy(model, flags.proxy ?? null);
  const examples = await readExamples(table, model.task);
  const input = {
    ...frozenModel(flags, model.directory, examples, context),
    proxyDirectory: proxy.directory,
    alphas: flags.alpha === undefined ? null : flags.alpha.filter((alpha) => alpha !== 0),
    seed: flags.seed,
  };
  const progress = new ProxyProgress(context.streams);
  return cancellable(context, progress, async () => {
    let evaluated: Extract<EvaluationEvent, { type: 'evaluated' }> | null = null;
    for await (const event of context.engine.evaluateProxy(input, context.signal)) {
      if (event.type === 'evaluated') evaluated = event;
      else progress.show(event);
    }
    progress.end();
    if (evaluated !== null) {
      const name = `${model.id}/${basename(proxy.directory)}`;
      context.streams.stdout.write(evaluationReport(evaluated, name, proxy.manifest.metric));
    }
    return EXIT.ok;
  });
}
