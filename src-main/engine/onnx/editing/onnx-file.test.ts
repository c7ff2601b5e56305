/** The editor on real decoders: what it writes is what it read, and a branch alone computes the same. */

import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FIXTURES, MODELS_DIRECTORY } from '../../../../e2e/dev-inputs.ts';
import { cachedStep } from './cached-step.ts';
import { newNode } from './new-parts.ts';
import { readModel, writeModel } from './onnx-file.ts';
import { readFields } from './wire-format.ts';

const FAMILIES = join(FIXTURES, 'families');
const DECODERS = readdirSync(FAMILIES, { recursive: true, encoding: 'utf8' })
  .filter((name) => /decoder_model_merged\w*\.onnx$/.test(name))
  .map((name) => join(FAMILIES, name));

describe('a file that is read and written again', () => {
  test.each([
    ...DECODERS,
    join(MODELS_DIRECTORY, 'starter-mt-en-de-s/onnx/decoder_model_merged.onnx'),
  ])('keeps its bytes: %s', async (path) => {
    const bytes = await readFile(path);
    expect(Buffer.compare(writeModel(readModel(bytes)), bytes)).toBe(0);
  });

  test('is refused where it has been cut short', async () => {
    const bytes = await readFile(DECODERS[0] ?? '');
    expect(() => readModel(bytes.subarray(0, bytes.length / 2))).toThrow('cut short');
    expect(() => readFields(Buffer.from([0x07]))).toThrow('begins no protobuf field');
  });
});

describe('the branch for later steps', () => {
  test.each(DECODERS)('has no If, and only what its outputs need: %s', async (path) => {
    const model = readModel(await readFile(path));
    const outputs = model.graph.outputs.map(({ name }) => name);
    const wanted = outputs.filter((name) => !name.includes('.encoder.'));
    const step = cachedStep(model, wanted);
    expect(step?.graph.outputs.map(({ name }) => name)).toEqual(wanted);
    expect(step?.graph.nodes.filter(({ kind }) => kind === 'If')).toEqual([]);
    const inputs = step?.graph.inputs.map(({ name }) => name) ?? [];
    expect(inputs).not.toContain('use_cache_branch');
    expect(inputs.some((name) => name.startsWith('past_key_values.0.decoder'))).toBe(true);
  });

  test('is not taken where a name would have two sources', async () => {
    const model = readModel(await readFile(DECODERS[0] ?? ''));
    const twice = newNode('Identity', ['input_ids'], ['logits']);
    const { graph } = model;
    expect(
      cachedStep({ ...model, graph: { ...graph, nodes: [...graph.nodes, twice] } }, ['logits']),
    ).toBeNull();
    expect(cachedStep({ ...model, graph: { ...graph, nodes: [] } }, ['logits'])).toBeNull();
  });
});
