/**
 * The graphics hardware that a measurement holds for. ONNX Runtime for Node does not say which adapter it
 * took, so this is what can be had without it: drivers named in the environment, and on Linux the display
 * controllers of the PCI bus with the version of NVIDIA's driver. Elsewhere a new graphics card is not
 * noticed, and `veer devices --bench` must be run again.
 */

import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

const PCI_DEVICES = '/sys/bus/pci/devices';
const NVIDIA_VERSION = '/sys/module/nvidia/version';
/** PCI class of display controllers. */
const DISPLAY = '0x03';

export async function adapterName(): Promise<string> {
  const drivers = process.env['VK_DRIVER_FILES'] || process.env['VK_ICD_FILENAMES'];
  const named = drivers
    ? [
        `Vulkan ${drivers
          .split(/[:;]/)
          .map((path) => basename(path))
          .join()}`,
      ]
    : [];
  const nvidia = await line(NVIDIA_VERSION);
  return [
    `${process.platform} ${process.arch}`,
    ...(await displayControllers()),
    ...(nvidia === '' ? [] : [`NVIDIA driver ${nvidia}`]),
    ...named,
  ].join(', ');
}

/** `vendor:device`, for example `10de:2335`. */
async function displayControllers(): Promise<readonly string[]> {
  const slots = await readdir(PCI_DEVICES).catch(() => []);
  const found: string[] = [];
  for (const slot of slots.sort()) {
    const read = (name: string) => line(join(PCI_DEVICES, slot, name));
    if (!(await read('class')).startsWith(DISPLAY)) continue;
    const ids = [await read('vendor'), await read('device')];
    found.push(ids.map((id) => id.replace('0x', '')).join(':'));
  }
  return found;
}

async function line(path: string): Promise<string> {
  return (await readFile(path, 'utf8').catch(() => '')).trim();
}
