/** `veer proxy list` and `veer proxy delete`: the proxies that are there. */

import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { causeMessage, VeerError } from '../contract/errors.ts';
import { findModel, findProxy } from '../model-store/find-model.ts';
import { listModels } from '../model-store/list-models.ts';
import { isProven, type ProxyEntry } from '../model-store/read-proxies.ts';

/** @param model name or folder of the only one to look at */
export async function proxiesReport(
  modelDirectories: readonly string[],
  model: string | null,
): Promise<string> {
  const models =
    model === null
      ? await listModels(modelDirectories)
      : [await findModel(modelDirectories, model, null)];
  const lines = models.flatMap((entry) => {
    if ('problem' in entry) return [];
    return [
      ...entry.proxies.flatMap((proxy) => proxyLines(entry.id, proxy)),
      ...entry.brokenProxies.map(({ id, problem }) => `${entry.id}/${id}: ${problem}`),
    ];
  });
  return lines.length === 0 ? 'No proxies.\n' : `${lines.join('\n')}\n`;
}

function proxyLines(model: string, { directory, manifest }: ProxyEntry): readonly string[] {
  const { metric, training, encoders, parameters } = manifest;
  const origin = training === undefined ? 'came with the model' : 'trained here';
  return [
    `${model}/${basename(directory)}: predicts ${metric}, ${parameters} parameters, ${origin}`,
    ...Object.entries(encoders).map(([dtype, measured]) => {
      const { pearson, spearman, suggestedAlpha, gain, interval } = measured;
      const [low, high] = interval.map((value) => value.toFixed(2));
      const proven = isProven(measured) ? 'gain' : 'no proven gain';
      return `  ${dtype}: Pearson ${pearson.toFixed(3)}, Spearman ${spearman.toFixed(3)}, suggested α ${suggestedAlpha}, ${proven} ${gain.toFixed(2)} [${low}, ${high}]`;
    }),
  ];
}

/** @throws VeerError PROXY_NOT_FOUND, OPTION_INVALID for one that came with the model */
export async function deleteProxy(
  modelDirectories: readonly string[],
  model: string,
  id: string,
): Promise<string> {
  const entry = await findModel(modelDirectories, model, null);
  const proxy = findProxy(entry, id);
  if (proxy.manifest.training === undefined) {
    throw new VeerError(
      'OPTION_INVALID',
      `The proxy "${id}" came with ${entry.id} and is not deleted. Only proxies that were trained here are.`,
    );
  }
  try {
    await rm(proxy.directory, { recursive: true });
  } catch (cause) {
    throw new VeerError(
      'OUTPUT_NOT_WRITABLE',
      `${proxy.directory} cannot be deleted (${causeMessage(cause)}). Check the rights of the folder.`,
      { cause },
    );
  }
  return `${proxy.directory}\n`;
}
