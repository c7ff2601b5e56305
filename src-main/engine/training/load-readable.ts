/** Loads a frozen model as something that examples can be put into. */

import type { FrozenModel } from '../../contract/proxy-training.ts';
import { loadModel } from '../models/factory.ts';
import { type ReadableModel, speechInputs, textInputs } from './model-inputs.ts';

/** What a task does with a model whose inputs are of any one kind. */
export type WithModel<Result> = <Input>(readable: ReadableModel<Input>) => Promise<Result>;

/**
 * @param use gets the model, which is released afterwards
 * @throws VeerError as `loadModel`
 */
export async function withReadableModel<Result>(
  options: FrozenModel,
  use: WithModel<Result>,
): Promise<Result> {
  const { modelDirectory: directory, ...how } = options;
  const { dtype, device, threads, language, sourceLanguage } = how;
  const model = await loadModel({ directory, dtype, device, threads, language, sourceLanguage });
  try {
    return model.task === 'transcribe'
      ? await use(speechInputs(model))
      : await use(textInputs(model));
  } finally {
    await model.dispose();
  }
}
