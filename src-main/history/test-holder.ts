/** Process that holds a history open until it is killed. Not part of the product. */

import { openDatabase } from './open-database.ts';
import { historyFiles } from './test-history-data.ts';

const [folder = ''] = process.argv.slice(2);
const database = openDatabase({ ...historyFiles(folder), now: () => 1000 });
process.stdout.write('open\n');
setInterval(() => database.open, 1000);
