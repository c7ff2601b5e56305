/** Entry of the engine process, for inference or for media. It ends when its parent does. */

import { extname } from 'node:path';
import { RPCHandler } from '@orpc/server/message-port';
import { parentChannel } from '../contract/process-port.ts';
import { hashInWorker } from './files/hash-files.ts';
import { Engine } from './pipeline/engine.ts';
import { engineRouter } from './router.ts';
import { watchParent } from './watch-parent.ts';

const { port, kind } = parentChannel(process);
// It lies beside this file, as source and built.
const hashWorker = new URL(`hash-worker${extname(import.meta.url)}`, import.meta.url);

if (kind === 'child-process') {
  // Ctrl-C reaches the whole process group; the parent decides what it means for the engine.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit(0));
  watchParent(process.argv[2]);
}

new RPCHandler(engineRouter(new Engine({ hashFiles: hashInWorker(hashWorker) }))).upgrade(port);
