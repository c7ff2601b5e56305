/** `veer models` and `veer devices`: what is there. */

import type { DeviceInfo } from '../contract/engine-contract.ts';
import { listModels } from '../model-store/list-models.ts';
import { modelLines } from './model-lines.ts';

/** @returns the list for people */
export async function modelsReport(modelDirectories: readonly string[]): Promise<string> {
  const models = await listModels(modelDirectories);
  if (models.length === 0) return `No models in ${modelDirectories.join(', ')}.\n`;
  const blocks = models.map((model) =>
    'problem' in model
      ? [model.id, `  cannot be used: ${model.problem}`]
      : [model.id, ...modelLines(model, false)],
  );
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

export function devicesReport(devices: readonly DeviceInfo[]): string {
  return devices
    .map(({ device, available, detail }) => {
      return `${device.padEnd(8)}${available ? 'yes' : 'no '}  ${detail}\n`;
    })
    .join('');
}
