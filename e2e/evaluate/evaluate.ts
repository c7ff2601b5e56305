/**
 * `npm run evaluate`: what the proxies' steps do, on dev data → docs/evaluation.md.
 * `npm run evaluate -- starter`: how good the bundled models are, on test data →
 * docs/starter-models.md and `evaluation.json` beside each model.
 * `npm run evaluate -- choice`: what choosing α by evidence gains → docs/automatic-alpha.md.
 *
 * Progress goes to stderr. Ctrl-C ends them; what was not finished is not written.
 */

import { EXIT } from '../../src-main/cli/exit-codes.ts';
import { causeMessage, VeerError } from '../../src-main/contract/errors.ts';
import { evaluateChoice } from './choice/evaluate-choice.ts';
import { evaluateProxies } from './evaluate-proxies.ts';
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
  else if (args[0] === 'choice') await evaluateChoice(args.slice(1), cancel.signal);
  else await evaluateProxies(args, cancel.signal);
} catch (error) {
  if (error instanceof VeerError && error.code === 'CANCELLED') {
    process.stderr.write('Cancelled.\n');
    process.exitCode = EXIT.cancelled;
  } else {
    process.stderr.write(`${causeMessage(error)}\n`);
    process.exitCode = EXIT.filesFailed;
  }
}
