/** What the models at hand can do, in sentences. */

import type { ListedModel } from '../../../src-main/contract/model-list.ts';
import type { Formats } from '../../i18n/formats.ts';
import type { Messages } from '../../i18n/messages.ts';
import { directionsOf } from '../../state/import/model-choice.ts';
import { directionName } from '../import/direction-name.ts';

/** More are not read; a recogniser may know a hundred languages. */
const MOST = 6;

export function abilities(
  models: readonly ListedModel[],
  words: Messages['frame']['start'],
  formats: Formats,
): readonly string[] {
  const known = (task: ListedModel['task']) => {
    const names = directionsOf(models.filter((model) => model.task === task)).map((direction) =>
      directionName(direction, formats),
    );
    const more = names.length - MOST;
    const shown = more > 1 ? [...names.slice(0, MOST), words.more(more)] : names;
    return formats.list(shown);
  };
  const heard = known('transcribe');
  const translated = known('translate');
  return [
    ...(heard === '' ? [] : [words.listens(heard)]),
    ...(translated === '' ? [] : [words.translates(translated)]),
  ];
}
