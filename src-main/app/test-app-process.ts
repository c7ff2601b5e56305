/** The application over the channel of a child process: `node test-app-process.ts DATA MODELS`. */

import { RPCHandler } from '@orpc/server/message-port';
import { processPort } from '../contract/process-port.ts';
import { App } from './app.ts';
import { appRouter } from './router.ts';

const [, , dataDirectory = '', models = ''] = process.argv;
const app = await App.open({
  dataDirectory,
  modelDirectories: [models],
  shell: 'web',
  version: '0.0.0-test',
  mediaUrl: (itemId) => `test:${itemId}`,
});
process.on('disconnect', () => void app.close().then(() => process.exit(0)));
new RPCHandler(appRouter(app)).upgrade(processPort(process));
