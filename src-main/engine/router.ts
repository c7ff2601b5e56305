/**
 * The engine behind the contract: every procedure, its errors as stable codes. Training and importing are
 * imported when they are asked for.
 */

import { implement } from '@orpc/server';
import { engineContract } from '../contract/engine-contract.ts';
import { toTransportError, withTransportErrors } from '../contract/error-transport.ts';
import type { ConvertEvent } from '../contract/model-import.ts';
import type { EvaluationEvent, TrainingEvent } from '../contract/proxy-training.ts';
import type { Engine } from './pipeline/engine.ts';

const NEVER = new AbortController().signal;

export function engineRouter(engine: Engine) {
  const server = implement(engineContract);
  return server.router({
    transcribe: server.transcribe.handler(({ input, signal = NEVER }) =>
      withTransportErrors(engine.transcribe(input.path, input.part, input, signal)),
    ),
    translate: server.translate.handler(({ input, signal = NEVER }) =>
      withTransportErrors(engine.translate(input.sentences, input, signal)),
    ),
    devices: server.devices.handler(() => engine.devices()),
    measureDevice: server.measureDevice.handler(({ input }) =>
      engine.measureDevice(input).catch((error: unknown) => {
        throw toTransportError(error);
      }),
    ),
    prepareMedia: server.prepareMedia.handler(({ input, signal = NEVER }) =>
      withTransportErrors(engine.prepareMedia(input, signal)),
    ),
    trainProxy: server.trainProxy.handler(({ input, signal = NEVER }) =>
      withTransportErrors(
        engine.events<TrainingEvent>(signal, async (emit) => {
          const { trainProxy } = await import('./training/train-proxy.ts');
          await trainProxy({ input, emit, signal });
        }),
      ),
    ),
    evaluateProxy: server.evaluateProxy.handler(({ input, signal = NEVER }) =>
      withTransportErrors(
        engine.events<EvaluationEvent>(signal, async (emit) => {
          const { evaluateProxy } = await import('./training/evaluate-proxy.ts');
          await evaluateProxy({ input, emit, signal });
        }),
      ),
    ),
    convertModel: server.convertModel.handler(({ input, signal = NEVER }) =>
      withTransportErrors(
        engine.events<ConvertEvent>(signal, async (emit) => {
          const { convertModel } = await import('./importing/convert-model.ts');
          await convertModel({ input, emit, signal });
        }),
      ),
    ),
    ping: server.ping.handler(async () => {
      await engine.cancelledEnded();
      return 'pong' as const;
    }),
  });
}
