import { expect, test, vi } from 'vitest';
import { TestApplication } from '../test-application.ts';
import { NotificationChoice, type NotificationPermission } from './notification-choice.svelte.ts';
import { SettingsState } from './settings-state.svelte.ts';

async function choiceOf(now: NotificationPermission, answer: NotificationPermission) {
  const app = new TestApplication();
  const settings = new SettingsState(app.client);
  await settings.load();
  const ask = vi.fn(async () => answer);
  const choice = new NotificationChoice(settings, { permission: () => now, ask });
  choice.look();
  return { app, ask, choice };
}

test('the system is asked once it is wanted, and allows it', async () => {
  const { app, ask, choice } = await choiceOf('default', 'granted');
  expect(ask).not.toHaveBeenCalled();
  await choice.turn(true);
  expect(ask).toHaveBeenCalledOnce();
  expect(choice.on).toBe(true);
  expect(app.program.settings.notifications).toBe(true);
});

test.each(['denied', 'default', 'missing'] as const)(
  '%s: it stays off and says why',
  async (answer) => {
    const { app, choice } = await choiceOf('default', answer);
    await choice.turn(true);
    expect(choice.on).toBe(false);
    expect(choice.refused).toBe(answer);
    expect(app.program.settings.notifications).toBe(false);
  },
);

test('what the system allows already is not asked for again; off needs no yes', async () => {
  const { app, ask, choice } = await choiceOf('granted', 'denied');
  await choice.turn(true);
  expect(choice.on).toBe(true);
  await choice.turn(false);
  expect(choice.on).toBe(false);
  expect(app.program.settings.notifications).toBe(false);
  expect(ask).not.toHaveBeenCalled();
});

test('wanted, but forbidden since by the system, is off', async () => {
  const { app, choice } = await choiceOf('denied', 'denied');
  app.program.settings = { ...app.program.settings, notifications: true };
  expect(choice.on).toBe(false);
});
