/** The application over the channel of a child process: `node test-app-process.ts DATA`. */

import { RPCHandler } from '@orpc/server/message-port';
import { processPort } from '../contract/process-port.ts';
import { appRouter } from './router.ts';
import { openTestApp } from './test-app.ts';
import { grantModel } from './test-model-grants.ts';

const [, , dataDirectory = ''] = process.argv;
const app = await openTestApp(dataDirectory);
grantModel(app, dataDirectory);
process.on('disconnect', () => void app.close().then(() => process.exit(0)));
new RPCHandler(appRouter(app)).upgrade(processPort(process));
