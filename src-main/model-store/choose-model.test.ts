import { basename, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { chooseModel, type ModelRequest, type OpenAlphas } from './choose-model.ts';
import {
  INT8,
  makeModel,
  makeProxy,
  modelsFolder,
  PAIR,
  writeProxy,
} from './test-model-folders.ts';

const OPEN: ModelRequest = {
  task: 'translate',
  model: null,
  proxy: null,
  dtype: null,
  alphas: null,
};
const PROVEN = { suggestedAlpha: 0.5, interval: [0.1, 0.9] } as const;
const UNPROVEN = { suggestedAlpha: 0.2, interval: [-0.1, 0.9] } as const;

let root: string;
beforeEach(() => {
  root = modelsFolder();
  makeModel(root, 'model', [...PAIR, ...INT8]);
});

const proxy = (id: string, { suggestedAlpha, interval }: typeof PROVEN | typeof UNPROVEN) =>
  makeProxy(join(root, 'model'), id, { suggestedAlpha, interval: [...interval] });

/** Names of what is chosen. */
async function choose(request: Partial<ModelRequest>, openAlphas: OpenAlphas = 'plain') {
  const chosen = await chooseModel([root], { ...OPEN, ...request }, openAlphas);
  return {
    model: chosen.model.id,
    proxy: chosen.proxy === null ? null : basename(chosen.proxy.directory),
    dtype: chosen.dtype,
    alphas: chosen.alphas,
  };
}

describe('step sizes that are left open', () => {
  test.each([
    ['plain', PROVEN, [0]],
    ['suggested', PROVEN, [0, 0.5]],
    ['proven', PROVEN, [0, 0.5]],
    ['suggested', UNPROVEN, [0, 0.2]],
    ['proven', UNPROVEN, [0]],
  ] as const)('%s, of a proxy with %j: %j', async (openAlphas, measured, alphas) => {
    proxy('a', measured);
    expect(await choose({}, openAlphas)).toMatchObject({
      alphas,
      proxy: alphas.length > 1 ? 'a' : null,
    });
  });

  test('are those of the proxy that is named, with the dtype that is asked for', async () => {
    proxy('a', UNPROVEN);
    proxy('b', PROVEN);
    expect(await choose({ proxy: 'b' }, 'suggested')).toEqual({
      model: 'model',
      proxy: 'b',
      dtype: 'fp32',
      alphas: [0, 0.5],
    });
    expect(await choose({ proxy: 'b', dtype: 'int8' }, 'suggested')).toMatchObject({
      dtype: 'int8',
      alphas: [0],
    });
  });

  test('are those of the encoder where the decoder has another dtype', async () => {
    proxy('a', PROVEN);
    expect(await choose({ dtype: 'fp32+int8' }, 'suggested')).toMatchObject({ alphas: [0, 0.5] });
    expect(await choose({ dtype: 'int8+fp32' }, 'suggested')).toMatchObject({ alphas: [0] });
  });

  test('are plain where no step is suggested, and where there is no proxy', async () => {
    expect(await choose({}, 'suggested')).toMatchObject({ proxy: null, alphas: [0] });
    makeProxy(join(root, 'model'), 'a', { suggestedAlpha: 0, interval: [0.1, 0.9] });
    expect(await choose({}, 'suggested')).toMatchObject({ proxy: null, alphas: [0] });
  });
});

test('a proxy is taken where it is needed or named', async () => {
  proxy('a', PROVEN);
  proxy('b', PROVEN);
  expect(await choose({ alphas: [0] }, 'suggested')).toMatchObject({ proxy: null, alphas: [0] });
  expect(await choose({ alphas: [0, 1] })).toMatchObject({ proxy: 'a', alphas: [0, 1] });
  expect(await choose({ alphas: [0], proxy: 'b' })).toMatchObject({ proxy: 'b' });
});

test.each([
  [{ model: 'nowhere' }, 'MODEL_NOT_FOUND'],
  [{ model: 'model', task: 'transcribe' }, 'MODEL_TASK_MISMATCH'],
  [{ proxy: 'nowhere' }, 'PROXY_NOT_FOUND'],
  [{ proxy: 'nowhere', alphas: [Number.NaN] }, 'PROXY_NOT_FOUND'],
  [{ alphas: [0, Number.NaN] }, 'ALPHA_NOT_FINITE'],
  [{ alphas: [1] }, 'PROXY_NOT_FOUND'],
] as const)('%j is refused: %s', async (request, code) => {
  await expect(choose(request)).rejects.toMatchObject({ code });
});

test('a broken proxy is refused only where a proxy is needed', async () => {
  writeProxy(join(root, 'model'), 'broken', '{"formatVersion": 7}');
  await expect(choose({ alphas: [1] })).rejects.toMatchObject({ code: 'PROXY_INVALID' });
  expect(await choose({}, 'suggested')).toMatchObject({ proxy: null, alphas: [0] });
});
