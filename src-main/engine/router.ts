/** The engine behind the contract: every procedure, its errors as stable codes. */

import { implement } from '@orpc/server';
import { engineContract, type RunEvent } from '../contract/engine-contract.ts';
import { toTransportError } from '../contract/error-transport.ts';
import type { Engine } from './pipeline/engine.ts';

const NEVER = new AbortController().signal;

export function engineRouter(engine: Engine) {
  const server = implement(engineContract);
  return server.router({
    transcribe: server.transcribe.handler(({ input, signal = NEVER }) =>
      named(engine.transcribe(input.path, input, signal)),
    ),
    translate: server.translate.handler(({ input, signal = NEVER }) =>
      named(engine.translate(input.sentences, input, signal)),
    ),
    devices: server.devices.handler(() => engine.devices()),
    ping: server.ping.handler(() => 'pong'),
  });
}

async function* named(events: AsyncGenerator<RunEvent>): AsyncGenerator<RunEvent, void> {
  try {
    yield* events;
  } catch (error) {
    throw toTransportError(error);
  }
}
