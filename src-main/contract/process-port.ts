/**
 * A child process's message channel in the shape of a MessagePort that oRPC knows. Both ends use
 * it: the parent around the child, the child around itself.
 */

import type { ChildProcess, Serializable } from 'node:child_process';
import type { EventEmitter } from 'node:events';

/** Method names follow Electron's MessagePortMain. */
export interface ProcessPort {
  on(event: string, callback: (event?: { data: unknown }) => void): void;
  postMessage(data: unknown): void;
}

export function processPort(channel: ChildProcess | NodeJS.Process): ProcessPort {
  return {
    on(event, callback) {
      // The union of the two `on` signatures is not callable; both are event emitters.
      const emitter: EventEmitter = channel;
      if (event === 'message') emitter.on('message', (data) => callback({ data }));
      if (event === 'close') emitter.on('disconnect', () => callback());
    },
    postMessage(data) {
      channel.send?.(data as Serializable);
    },
  };
}
