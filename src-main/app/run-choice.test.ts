/** Runs whose text the program chooses among several versions of every unit. */

import { expect, test } from 'vitest';
import { MODELS_DIRECTORY } from '../../e2e/dev-inputs.ts';
import { chooseAlpha, likenessOf } from '../engine/pipeline/choose-alpha.ts';
import { testApp, testSettings } from './test-app.ts';

const SOURCE = {
  type: 'text',
  name: 'Notes',
  text: 'i wil come tommorow\n\nplese tell hem that we are lat\n\nwhere is teh station',
} as const;

test('the version most like the others is the text, and is so again after more versions', async () => {
  await using running = await testApp({ modelDirectories: [MODELS_DIRECTORY] });
  const { core } = running.app;
  const settings = { ...testSettings('translate'), alphas: null, choice: 'automatic' } as const;
  const { runId } = await core.add({ source: SOURCE, settings, keep: true });
  await core.queue.idle();
  const { alphas, state } = core.history.run(runId);
  expect(state).toBe('done');
  expect(alphas).toHaveLength(4);

  const before = core.history.segments(runId, 0, 10);
  expect(before).toHaveLength(3);
  for (const { variants, chosenAlpha, text, reviewed } of before) {
    expect(reviewed).toBe(false);
    expect(text).toBe(variants.find(({ alpha }) => alpha === chosenAlpha)?.text);
    // The order in which equals are preferred is that of the engine.
    const inOrder = core.history
      .run(runId)
      .settings.alphas?.flatMap(
        (alpha) => variants.find((variant) => variant.alpha === alpha) ?? [],
      );
    expect(chosenAlpha).toBe(chooseAlpha(inOrder ?? [], likenessOf('translate')));
  }
  expect(before.some(({ chosenAlpha }) => chosenAlpha !== 0)).toBe(true);

  core.queue.addVariants(runId, { kind: 'variants', alphas: [0.01], units: null });
  await core.queue.idle();
  const after = core.history.segments(runId, 0, 10);
  expect(after.map(({ chosenAlpha }) => chosenAlpha)).toEqual(
    before.map(({ chosenAlpha }) => chosenAlpha),
  );
});
