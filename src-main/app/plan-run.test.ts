import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type RunSettings, runSettingsSchema } from '../contract/jobs.ts';
import { GREEDY } from '../contract/search.ts';
import { DEFAULT_SETTINGS } from '../contract/settings.ts';
import { PLAIN_SPEECH } from '../contract/speech.ts';
import { makeModel, makeProxy, modelsFolder, PAIR } from '../model-store/test-model-folders.ts';
import { planRun } from './plan-run.ts';

const OPEN: RunSettings = {
  task: 'translate',
  model: null,
  proxy: null,
  dtype: null,
  alphas: null,
  choice: 'plain',
  language: null,
  sourceLanguage: null,
  search: null,
  speech: null,
};

let root: string;
beforeEach(() => {
  root = modelsFolder();
  for (const name of ['first', 'second']) makeModel(root, name, PAIR);
  makeProxy(join(root, 'first'), 'chrf', { suggestedAlpha: 0.2, interval: [-0.1, 0.9] });
  makeProxy(join(root, 'second'), 'chrf', { suggestedAlpha: 0.5, interval: [0.1, 0.9] });
});

const plan = (asked: Partial<RunSettings>, settings: Partial<typeof DEFAULT_SETTINGS> = {}) =>
  planRun({ ...OPEN, ...asked }, { ...DEFAULT_SETTINGS, ...settings }, [root]);

test('a run without choices is plain where no gain is proven, and has a proxy for more α', async () => {
  const { settings, options } = await plan({});
  expect(settings).toMatchObject({ model: 'first', proxy: 'chrf', dtype: 'fp32', alphas: [0] });
  expect(options).toMatchObject({
    modelDirectory: join(root, 'first'),
    proxyDirectory: join(root, 'first', 'proxies', 'chrf'),
    alphas: [0],
  });
});

test('a proven gain is made beside it, of the favourite model', async () => {
  const { settings } = await plan({}, { translateModel: 'second' });
  expect(settings).toMatchObject({ model: 'second', proxy: 'chrf', alphas: [0, 0.5] });
});

test('a version is chosen among several steps, proven or not, and only where there are some', async () => {
  const { settings, options } = await plan({ choice: 'automatic' });
  expect(settings).toMatchObject({ choice: 'automatic', alphas: [0, 0.2, 0.1, 0.4] });
  expect(options.chooseAlpha).toBe(true);
  expect((await plan({ choice: 'automatic', alphas: [0] })).options.chooseAlpha).toBe(false);
  expect((await plan({})).options.chooseAlpha).toBe(false);
});

test('what is asked for goes before what is preferred', async () => {
  const asked = { model: 'first', alphas: [0, 1] };
  const { settings } = await plan(asked, { translateModel: 'second' });
  expect(settings).toMatchObject(asked);
});

test('choices that are stored are made again', async () => {
  const { settings } = await plan({});
  expect((await plan(settings)).settings).toEqual(settings);
});

test('the search is greedy where none is asked for, and stored either way', async () => {
  const open = await plan({});
  expect([open.settings.search, open.options.search]).toEqual([GREEDY, GREEDY]);
  const beams = { ...GREEDY, strategy: 'beam', beams: 4, lengthPenalty: 1 } as const;
  const search = { ...beams, earlyStopping: false, returnSequences: 1 };
  const asked = await plan({ search });
  expect([asked.settings.search, asked.options.search]).toEqual([search, search]);
});

test('the history keeps one output of a version: a search that gives more is refused', () => {
  const beams = { ...GREEDY, strategy: 'beam', beams: 4, lengthPenalty: 1, earlyStopping: false };
  const check = (returnSequences: number) =>
    runSettingsSchema.safeParse({ ...OPEN, search: { ...beams, returnSequences } }).success;
  expect([check(1), check(2)]).toEqual([true, false]);
});

test('what is read is what was asked for, or else what the model says', async () => {
  const task_specific_params = { translation_de_to_en: {} };
  makeModel(root, 'third', PAIR, { model_type: 't5', task_specific_params });
  const open = await plan({ model: 'third' });
  expect([open.sourceLanguage, open.options.sourceLanguage]).toEqual(['de', null]);
  const told = await plan({ model: 'third', sourceLanguage: 'fr' });
  expect([told.sourceLanguage, told.options.sourceLanguage]).toEqual(['fr', 'fr']);
  expect(told.settings.sourceLanguage).toBe('fr');
});

test('how a recording is written down is stored and asked for; a text has no such thing', async () => {
  makeModel(root, 'ears', PAIR, { model_type: 'whisper' });
  const speech = { ...PLAIN_SPEECH, prompt: 'Anna' };
  const planned = await plan({ task: 'transcribe', speech });
  expect([planned.settings.speech, planned.options.speech]).toEqual([speech, speech]);
  const refused = expect.objectContaining({ code: 'OPTION_INVALID' });
  await expect(plan({ speech })).rejects.toEqual(refused);
  const timed = { ...PLAIN_SPEECH, conditionOnPrevious: true };
  await expect(plan({ task: 'transcribe', speech: timed })).rejects.toEqual(refused);
});

test.each([
  ['pauses', false, true],
  ['sequential', false, true],
  ['sequential', true, false],
  ['chunked', false, false],
] as const)(
  'a run can go on in the middle: %s, from the text before %s',
  (longForm, before, ok) => {
    const speech = { ...PLAIN_SPEECH, longForm, conditionOnPrevious: before };
    expect(runSettingsSchema.safeParse({ ...OPEN, speech }).success).toBe(ok);
  },
);
