/** `veer models` and `veer devices`: what is there. */

import type { DeviceInfo } from '../contract/engine-contract.ts';
import { listModels, type ModelEntry } from '../model-store/list-models.ts';
import { isProven, type ProxyEntry } from '../model-store/read-proxies.ts';

/** More than these do not fit a line. */
const MOST_LANGUAGES = 8;

/** @returns the list for people */
export async function modelsReport(modelDirectories: readonly string[]): Promise<string> {
  const models = await listModels(modelDirectories);
  if (models.length === 0) return `No models in ${modelDirectories.join(', ')}.\n`;
  const blocks = models.map((model) =>
    'problem' in model
      ? [model.id, `  cannot be used: ${model.problem}`]
      : [model.id, ...modelLines(model)],
  );
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

export function modelLines(model: ModelEntry): readonly string[] {
  return [
    `  ${[model.task, model.family, ...languagesOf(model)].join(', ')}`,
    `  weights ${model.dtypes.join(', ')}; ${(model.bytes / 1e6).toFixed(1)} MB`,
    `  ${model.directory}`,
    ...model.notes.map((note) => `  ${note}`),
    ...model.proxies.flatMap((proxy) => proxyLines(proxy)),
    ...model.brokenProxies.map(({ id, problem }) => `  proxy ${id}: ${problem}`),
  ];
}

/** Each direction, the default first; a long list is counted. */
function languagesOf({ directions }: ModelEntry): readonly string[] {
  if (directions.length > MOST_LANGUAGES) return [`${directions.length} languages`];
  return directions.map(({ source, target }) =>
    source === target ? source : `${source} → ${target}`,
  );
}

function proxyLines({ manifest }: ProxyEntry): readonly string[] {
  return [
    `  proxy ${manifest.id}: predicts ${manifest.metric} (${manifest.parameters} parameters)`,
    ...Object.entries(manifest.encoders).map(([dtype, measured]) => {
      const [low, high] = measured.interval;
      const proven = isProven(measured) ? 'gain' : 'no proven gain';
      return `    ${dtype}: suggested α ${measured.suggestedAlpha}, ${proven} ${measured.gain.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}] on ${measured.condition}`;
    }),
  ];
}

export function devicesReport(devices: readonly DeviceInfo[]): string {
  return devices
    .map(({ device, available, detail }) => {
      return `${device.padEnd(8)}${available ? 'yes' : 'no '}  ${detail}\n`;
    })
    .join('');
}
