/**
 * `npm run evaluate`: what perturbation does to the output → docs/results.md and docs/results/.
 * `npm run evaluate -- starter`: how good the bundled models are, on test data →
 * docs/starter-models.md and `evaluation.json` beside each model.
 *
 * Progress goes to stderr. Ctrl-C ends them; what was not finished is not written.
 */

import { EXIT } from '../../src-main/cli/exit-codes.ts';
import { causeMessage, VeerError } from '../../src-main/contract/errors.ts';
import { evaluatePerturbation } from './perturbation/evaluate-perturbation.ts';
import { evaluateStarter } from './starter/evaluate-starter.ts';

const cancel = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second Ctrl-C does not wait for anything.
    if (cancel.signal.aborted) process.exit(EXIT.cancelled);
    cancel.abort();
  });
}

const args = process.argv.slice(2);
try {
  if (args[0] === 'starter') await evaluateStarter(args.slice(1), new Date(), cancel.signal);
  else await evaluatePerturbation(args, cancel.signal);
} catch (error) {
  if (error instanceof VeerError && error.code === 'CANCELLED') {
    process.stderr.write('Cancelled.\n');
    process.exitCode = EXIT.cancelled;
  } else {
    process.stderr.write(`${causeMessage(error)}\n`);
    process.exitCode = EXIT.filesFailed;
  }
}
