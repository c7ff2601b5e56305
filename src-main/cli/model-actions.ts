/** What the commands about models are given. */

import type { Dtype } from '../contract/devices.ts';
import type { ImportEvent } from '../contract/model-list.ts';
import type { Streams } from './terminal.ts';

/** What the application's own code does with models; the command line has no other. */
export interface ModelActions {
  readonly import: (
    request: {
      readonly name: string;
      readonly paths: readonly string[];
      readonly dtypes: readonly Dtype[] | null;
    },
    signal: AbortSignal,
  ) => AsyncIterable<ImportEvent>;
  readonly remove: (name: string) => Promise<unknown>;
}

export interface ModelCommandsContext {
  readonly streams: Streams;
  readonly signal: AbortSignal;
  readonly modelDirectories: readonly string[];
  readonly actions: () => Promise<ModelActions>;
}
