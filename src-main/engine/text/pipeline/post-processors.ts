/** Post-processors of tokenizer.json: the special tokens around a text. */

import { asId, asList, asPart, type Part, refusePart, textField, typeOf } from './fields.ts';

export type Frame = (ids: readonly number[]) => readonly number[];

/** @throws UnsupportedPart */
export function makePostProcessor(value: unknown): Frame {
  if (value === null || value === undefined) return (ids) => ids;
  const part = asPart(value, 'post_processor');
  const type = typeOf(part, 'post_processor');
  switch (type) {
    case 'Sequence': {
      const steps = asList(part['processors'], 'processors').map(makePostProcessor);
      return (ids) => steps.reduce((result, step) => step(result), ids);
    }
    case 'ByteLevel':
      return (ids) => ids;
    case 'TemplateProcessing':
      return template(part);
    case 'RobertaProcessing':
    case 'BertProcessing': {
      const before = asId(asList(part['cls'], 'cls')[1], 'cls');
      const after = asId(asList(part['sep'], 'sep')[1], 'sep');
      return (ids) => [before, ...ids, after];
    }
    default:
      return refusePart('post_processor', type);
  }
}

function template(part: Part): Frame {
  const special = asPart(part['special_tokens'] ?? {}, 'special_tokens');
  /** Null stands for the text. */
  const pieces = asList(part['single'], 'template').flatMap((value) => {
    const item = asPart(value, 'template');
    if (item['Sequence'] !== undefined) return [null];
    const token = textField(asPart(item['SpecialToken'], 'template'), 'id');
    const ids = asList(asPart(special[token], `special token ${token}`)['ids'], 'special token');
    return ids.map((id) => asId(id, `special token ${token}`));
  });
  return (ids) => pieces.flatMap((piece) => (piece === null ? [...ids] : [piece]));
}
