import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { startClient } from './support/ask-server.ts';
import { type Benchmark, type Goal, inMs, median } from './support/benchmark.ts';
import { serveArchive } from './support/serve-archive.ts';

const INVOCATIONS = 1_000_000;
const COLD_ROUNDS = 3;
const WARM_REQUESTS = 10;
const FEW_REQUESTS = 3;
const SHORT_REQUESTS = 1;
const GOAL_MS = 1000;
const QUARTER = { requestedAfter: '2025-12-15', requestedBefore: '2026-03-15' };
/** This span begins and ends within a day, so the hours at its edges are counted from the rows. */
const RAGGED = { requestedAfter: '2025-12-15T07:30:00Z', requestedBefore: '2026-03-15T07:30:00Z' };
const DAILY = [
  { groupBy: 'day,status', ...QUARTER },
  { groupBy: 'day,document', ...QUARTER },
  { groupBy: 'status,document', ...QUARTER },
  { groupBy: 'day,status', ...RAGGED },
  { groupBy: 'day,status', documentName: 'AWS-RunPatchBaseline', ...QUARTER },
];
/** Questions that the daily counts cannot answer: each needs its rows counted. */
const FROM_ROWS = [
  { groupBy: 'hour,status', ...QUARTER },
  { groupBy: 'instance,status', ...QUARTER },
  { groupBy: 'plugin,status', ...QUARTER },
  { groupBy: 'document', durations: 'true', ...QUARTER },
];

/**
 * Statistics of a quarter over HTTP. "Cold" means a server that has just started, with no part of its file in memory.
 */
export const stats: Benchmark = {
  name: 'stats',
  about: 'statistics of a quarter by any two of day, status and document, cold and warm',
  async run({ invocations = INVOCATIONS, isShort, folder, archiveOf, say }) {
    const path = await archiveOf(invocations);
    const client = await startClient(folder);
    // Emptying the cache would slow down everything else on the machine, so a short run does not do it.
    const isColdMeasured = !isShort && dropCaches();
    if (!isShort && !isColdMeasured) say('cold: not measured, because only root can empty the page cache of Linux');
    const goals: Goal[] = [];
    for (const asked of DAILY) {
      const cold: number[] = [];
      for (let round = 0; round < COLD_ROUNDS && isColdMeasured; round++) {
        const served = await serveArchive(path, folder);
        dropCaches();
        cold.push(await firstOf(served.url, asked));
        await served.end();
      }
      const served = await serveArchive(path, folder);
      const warm = await ask(served.url, asked, isShort ? SHORT_REQUESTS : WARM_REQUESTS);
      await served.end();
      const name = `${asked.groupBy}${'documentName' in asked ? ' of one document' : ''}${asked.requestedAfter === RAGGED.requestedAfter ? ', from within a day' : ''}`;
      say(`${name}: ${isColdMeasured ? `cold ${inMs(median(cold))}, ` : ''}warm ${inMs(median(warm))}`);
      if (isColdMeasured) goals.push({ what: `${name}, cold, ms`, figure: median(cold), atMost: GOAL_MS });
      goals.push({ what: `${name}, warm, ms`, figure: median(warm), atMost: GOAL_MS });
    }
    const served = await serveArchive(path, folder, undefined, { SSM_ARCHIVE_READ_DEADLINE_MS: '600000' });
    for (const asked of FROM_ROWS) {
      const ms = await ask(served.url, asked, isShort ? SHORT_REQUESTS : FEW_REQUESTS);
      say(
        `${asked.groupBy}${'durations' in asked ? ' with durations' : ''}, counted from the rows: warm ${inMs(median(ms))}`,
      );
    }
    await served.end();
    await client.end();
    return { goals, compared: { nothing: 'there is no other program with these statistics' } };

    async function ask(url: string, parameters: Record<string, string>, count: number): Promise<number[]> {
      const paths = [`/v1/stats?${new URLSearchParams(parameters)}`];
      const ms = await client.latencies({ url, paths, count: count + 1, mostSeconds: 60, pauseMs: 0 });
      return ms.slice(1);
    }

    async function firstOf(url: string, parameters: Record<string, string>): Promise<number> {
      const paths = [`/v1/stats?${new URLSearchParams(parameters)}`];
      const [first = Number.NaN] = await client.latencies({ url, paths, count: 1, mostSeconds: 60, pauseMs: 0 });
      return first;
    }
  },
};

/** Empties Linux's page cache; returns false if that is not allowed. */
function dropCaches(): boolean {
  try {
    execFileSync('sync');
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}
