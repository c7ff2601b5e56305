/** The whole result as JSON: docs/result-format.md. */

import { type Result, resultSchema } from '../contract/result.ts';

/** Token ids one per line would make files unreadable; strings never hold a raw line feed. */
const NUMBER_LIST = /\[\n\s+([-\d.e+,\s]+?)\n\s+\]/g;

/** Keys in the order of the contract, two spaces of indentation, lists of numbers on one line. */
export function formatJson(result: Result): string {
  const ordered = resultSchema.parse(result);
  const json = JSON.stringify(ordered, null, 2);
  return `${json.replace(NUMBER_LIST, (_, list: string) => `[${list.replace(/\s+/g, ' ')}]`)}\n`;
}
