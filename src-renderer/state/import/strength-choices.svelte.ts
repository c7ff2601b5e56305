/** Which versions of a text are made beside the plain one, and which of them becomes the text. */

import type { RunSettings } from '../../../src-main/contract/jobs.ts';
import { parseAlphas } from './alphas.ts';

type Strengths = Pick<RunSettings, 'alphas' | 'choice'>;

export class StrengthChoices {
  /** Step sizes; '' leaves them to the program. */
  typed = $state('');
  /** Of every unit the version that is most like the others becomes the text, not the plain one. */
  automatic = $state(false);
  readonly alphas = $derived(parseAlphas(this.typed));

  /** Null while something is wrong. */
  get settings(): Strengths | null {
    const { alphas } = this;
    const choice = this.automatic ? 'automatic' : 'plain';
    if (alphas.state === 'open') return { alphas: null, choice };
    return alphas.state === 'chosen' ? { alphas: [...alphas.values], choice } : null;
  }

  /**
   * Takes over what a run was made with.
   *
   * @param open what the program chooses for it; what it chose it shall choose again
   */
  adopt({ alphas, choice }: Strengths, open: readonly number[]): void {
    this.automatic = choice === 'automatic';
    this.typed = alphas === null || sameNumbers(alphas, open) ? '' : alphas.join(' ');
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
