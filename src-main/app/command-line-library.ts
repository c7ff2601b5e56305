/** The library of models for the command line, which has no queue of its own. */

import { VeerError } from '../contract/errors.ts';
import { EngineClient } from '../engine-client/engine-client.ts';
import { databaseInUse } from '../history/database-in-use.ts';
import type { DataFolder } from './data-folder.ts';
import { Grants } from './grants.ts';
import { ModelLibrary } from './model-library.ts';

/** @param version of Veer */
export function commandLineLibrary(
  data: DataFolder,
  bundled: readonly string[],
  version: string,
): ModelLibrary {
  return new ModelLibrary({
    bundled,
    imported: data.models,
    grants: new Grants(),
    version,
    startEngine: () => new EngineClient({ onCrash: 'fail' }),
    // Whether a job needs the model only the application knows.
    isInUse: () => {
      if (!databaseInUse(data.database)) return false;
      throw new VeerError(
        'DATABASE_IN_USE',
        'Veer is open, and its jobs may need the model. Remove it there, or close Veer first.',
      );
    },
  });
}
