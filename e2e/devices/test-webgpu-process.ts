/**
 * Decodes on WebGPU in a process of its own, since a broken driver takes its process along, and says
 * as JSON what came out, which operators ran where, and how many tensors were left on the device.
 *
 * Its argument is a folder for the profiles of the sessions.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';
import { type Decoded, decodeOn } from './test-decode-inputs.ts';

export interface WebgpuReport {
  readonly decoded: readonly Decoded[];
  /** Operator runs by execution provider, as counted by the profiles. */
  readonly placement: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Tensors that were made on the device, and those of them that nobody disposed of. */
  readonly tensors: { readonly made: number; readonly left: number };
}

const eventSchema = z.object({
  cat: z.string(),
  args: z.object({ op_name: z.string().optional(), provider: z.string().optional() }).default({}),
});

const [, , profiles = '.'] = process.argv;
const tensors = countDeviceTensors();
profileSessions(join(profiles, 'session'));
const decoded = await decodeOn('webgpu');
const report: WebgpuReport = { decoded, placement: await placementIn(profiles), tensors };
process.stdout.write(JSON.stringify(report));

/** The library makes tensors on a device by this function, and so lets them be counted. */
function countDeviceTensors(): { made: number; left: number } {
  const counts = { made: 0, left: 0 };
  const make = Tensor.fromGpuBuffer.bind(Tensor);
  Tensor.fromGpuBuffer = (buffer, options) => {
    counts.made++;
    counts.left++;
    const dispose = () => {
      counts.left--;
      options.dispose?.();
    };
    return make(buffer, { ...options, dispose });
  };
  return counts;
}

function profileSessions(profileFilePrefix: string): void {
  const create = InferenceSession.create.bind(InferenceSession) as (
    source: unknown,
    options: InferenceSession.SessionOptions,
  ) => Promise<InferenceSession>;
  const profiled = (source: unknown, options: InferenceSession.SessionOptions) =>
    create(source, { ...options, enableProfiling: true, profileFilePrefix });
  InferenceSession.create = profiled as typeof InferenceSession.create;
}

async function placementIn(folder: string): Promise<WebgpuReport['placement']> {
  const placement: Record<string, Record<string, number>> = {};
  for (const name of await readdir(folder)) {
    const events = z
      .array(eventSchema)
      .parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
    for (const { cat, args } of events) {
      if (cat !== 'Node' || args.provider === undefined || args.op_name === undefined) continue;
      placement[args.provider] ??= {};
      const operators = placement[args.provider] ?? {};
      operators[args.op_name] = (operators[args.op_name] ?? 0) + 1;
    }
  }
  return placement;
}
