/**
 * Gives the page a port to the application. A page that was loaded again asks again and gets a new
 * one; the old one is closed, and with it the streams that ran over it.
 */

import type { IpcMainEvent, MessagePortMain } from 'electron';
import { ASK_PORT, PORT } from '../contract/channels.ts';
import type { ProcessPort } from '../contract/process-port.ts';
import { isTrustedFrame } from './app-url.ts';

/** Both ends of a channel; Electron's MessageChannelMain fits. */
interface PortPair {
  readonly port1: MessagePortMain;
  readonly port2: MessagePortMain;
}

export interface PortHandoverOptions {
  createChannel(): PortPair;
  /** Answers what comes over the port. */
  serve(port: ProcessPort): void;
}

/** The part of IpcMain that is used. */
export interface PortRequests {
  on(channel: string, listener: (event: IpcMainEvent) => void): unknown;
}

export class PortHandover {
  readonly #options: PortHandoverOptions;
  /** By WebContents, one each. */
  readonly #ports = new Map<number, ServedPort>();

  constructor(options: PortHandoverOptions) {
    this.#options = options;
  }

  listen(requests: PortRequests): void {
    requests.on(ASK_PORT, (event) => this.#handOver(event));
  }

  /** Ends all conversations. */
  close(): void {
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }

  #handOver(event: IpcMainEvent): void {
    if (!isTrustedFrame(event.senderFrame)) return;
    const { sender } = event;
    const before = this.#ports.get(sender.id);
    before?.close();
    if (before === undefined) sender.once('destroyed', () => this.#forget(sender.id));
    const { port1, port2 } = this.#options.createChannel();
    const port = new ServedPort(port1);
    this.#ports.set(sender.id, port);
    this.#options.serve(port);
    // Messages are queued until now, so none is missed.
    port1.start();
    sender.postMessage(PORT, null, [port2]);
  }

  #forget(id: number): void {
    this.#ports.get(id)?.close();
    this.#ports.delete(id);
  }
}

/** A port whose listeners hear of its end whoever closed it: Electron tells the other end only. */
class ServedPort implements ProcessPort {
  readonly #port: MessagePortMain;
  readonly #onClose: (() => void)[] = [];
  #open = true;

  constructor(port: MessagePortMain) {
    this.#port = port;
    port.on('close', () => this.#ended());
  }

  on(event: string, callback: (event?: { data: unknown }) => void): void {
    if (event === 'message')
      this.#port.on('message', (message) => callback({ data: message.data }));
    if (event === 'close') this.#onClose.push(() => callback());
  }

  postMessage(data: unknown): void {
    if (this.#open) this.#port.postMessage(data);
  }

  close(): void {
    if (!this.#open) return;
    this.#ended();
    this.#port.close();
  }

  #ended(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const tell of this.#onClose) tell();
  }
}
