/**
 * A process's message channel in the shape of a MessagePort that oRPC knows. Both ends use it: the
 * parent around the child, the child around itself.
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

/** The way to the parent of an Electron utility process; `Electron.ParentPort` in its types. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  postMessage(data: unknown): void;
}

/** What stands at the other end of this process's own channel. */
export interface ParentChannel {
  readonly port: ProcessPort;
  /** Electron ends a utility process with the application; a child process must see to it itself. */
  readonly kind: 'utility-process' | 'child-process';
}

/**
 * The channel to the parent, seen from a child: Electron's parent port where there is one, else the
 * channel of Node's fork.
 *
 * @param self `process`, in which Electron puts `parentPort`
 */
export function parentChannel(
  self: NodeJS.Process & { readonly parentPort?: unknown },
): ParentChannel {
  const { parentPort } = self;
  if (!isParentPort(parentPort)) return { port: processPort(self), kind: 'child-process' };
  const port: ProcessPort = {
    on(event, callback) {
      // It has no other event: it lives as long as the process.
      if (event === 'message') parentPort.on('message', ({ data }) => callback({ data }));
    },
    postMessage: (data) => parentPort.postMessage(data),
  };
  return { port, kind: 'utility-process' };
}

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value;
}
