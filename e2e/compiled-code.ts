/** Code that the tests keep compiled. */

import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Processes that tests start find their code compiled, as `veer.js` has it for a person: without that each of the
 * hundreds strips types and compiles for half a second. Node tells by the content whether code has changed.
 */
export function keepCompiledCode(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'veer-tests-compiled');
}
