/** Entry of the inference process. It ends when its parent does. */

import { RPCHandler } from '@orpc/server/message-port';
import { processPort } from '../contract/process-port.ts';
import { Engine } from './pipeline/engine.ts';
import { engineRouter } from './router.ts';

// Ctrl-C reaches the whole process group; the parent decides what it means for the engine.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));

new RPCHandler(engineRouter(new Engine())).upgrade(processPort(process));
