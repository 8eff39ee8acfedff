import { pino } from 'pino';
import { createReaderPool } from '../../../src/processes/pool/create-reader-pool.ts';
import { TRIAL_READER } from './trial-program.ts';
import type { TrialReads, TrialStreams } from './trial-reader.ts';

// A server in a process of its own, which a test kills: one reader is in an endless query, one is blocked in a write,
// and one is idle.
const [archivePath = '', begun = '', written = ''] = process.argv.slice(2);
const pool = createReaderPool<TrialReads, TrialStreams>({
  ...{ archivePath, program: TRIAL_READER, log: pino({ level: 'silent' }) },
  ...{ readers: 3, longAtOnce: 1, readsPerCaller: 3, waitingPerCaller: 9, waitingInAll: 9 },
});
const asked = { caller: 'a', deadlineMs: 1_000_000 };
void pool.read('endless', { begun }, asked);
void pool.stream('chunks', { text: 'x', count: Number.MAX_SAFE_INTEGER, written }, asked);
