import { expect, test } from 'vitest';
import { importing as german } from '../../i18n/de/import.ts';
import { importing as english } from '../../i18n/en/import.ts';
import { formats } from '../../i18n/formats.ts';
import { ImportState } from '../../state/import/import-state.svelte.ts';
import { ModelsState } from '../../state/models/models-state.svelte.ts';
import { SettingsState } from '../../state/settings/settings-state.svelte.ts';
import { TestApplication, TestBridge } from '../../state/test-application.ts';
import { modelOf } from '../../state/test-data.ts';
import { optionsSummary } from './options-summary.ts';

function importing() {
  const { client } = new TestApplication();
  const models = new ModelsState(client);
  const directions = [{ source: 'en', target: 'de' }];
  models.list = {
    models: [modelOf('asr-m'), modelOf('asr-s'), modelOf('mt', { task: 'translate', directions })],
    broken: [],
  };
  return new ImportState(new TestBridge(client), models, new SettingsState(client));
}

test('the direction can always be read, and nothing else that is as it comes', () => {
  expect(optionsSummary(importing(), english, formats('en'))).toBe('English → German');
});

test('what a person set is named', () => {
  const imports = importing();
  imports.recordings.chooseModel('asr-s');
  imports.strengths.typed = ' 0,05 0,1 ';
  imports.recordings.speech.qualityChecks = true;
  imports.recordings.speech.prompt = 'Anna';
  imports.strengths.automatic = true;
  imports.doNotKeep = true;
  const summary = optionsSummary(imports, german, formats('de'));
  expect(summary).toBe(
    'Englisch → Deutsch · asr-s · Prüfungen · erwartete Wörter · α 0,05 0,1 · für mich gewählt · nicht behalten',
  );
});
