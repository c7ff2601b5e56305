/** Worker thread that hashes the files it is given and ends (`files/hash-files.ts`). */

import { parentPort, workerData } from 'node:worker_threads';
import { hashHere } from './files/hash-files.ts';

parentPort?.postMessage(await hashHere(workerData));
