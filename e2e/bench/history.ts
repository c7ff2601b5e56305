/**
 * Speed of the history: `node e2e/bench/history.ts [items]`. Fills a database of that many items
 * (10,000 where not said) with seeded words, searches it 30 times, opens a recording of four hours
 * and purges it. Goals: search p95 ≤ 50 ms, opening ≤ 1 s.
 */

import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Segment } from '../../src-main/contract/result.ts';
import { seededRandom } from '../../src-main/evaluation/random.ts';
import { History } from '../../src-main/history/history.ts';
