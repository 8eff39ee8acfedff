import { expect, it } from 'vitest';
import { listRuns, listSweeps } from '../../../src/archive/passes/list-runs.ts';
import { beginSweep, finishSweep } from '../../../src/archive/record/record-sweep.ts';
import { addTally, byCounter, COUNTER_NAMES, COUNTERS, emptyTally } from '../../../src/model/coverage/counters.ts';
import { NOW_MS, recordPass, target } from '../../archive/archive-with-passes.ts';
import { SOURCE } from '../../archive/raw-invocation.ts';
import { rowsOf, tempArchive } from '../../db/temp-archive.ts';

/** A different number for each counter. */
const TALLY = byCounter(({ name }) => COUNTER_NAMES.indexOf(name) + 1);

it('each counter of a source and of a sweep is stored in its own column, and read from there', () => {
  const db = tempArchive();
  const runId = recordPass(db, { startedMs: NOW_MS, result: TALLY });
  const at = '2026-03-31T12:00:00.000Z';
  const sweepId = beginSweep(db.sqlite, { runId, source: SOURCE, target: target(2, 1), startedAt: at });
  finishSweep(db.sqlite, sweepId, { outcome: 'complete', finishedAt: at, tally: TALLY });
  const columns = Object.fromEntries(COUNTERS.map(({ name, column }) => [column, TALLY[name]]));
  for (const table of ['run_sources', 'sweeps'] as const) expect(rowsOf(db, table)).toMatchObject([columns]);
  expect(listRuns(db.sqlite, { limit: 1 }).items).toMatchObject([{ sources: [TALLY] }]);
  expect(listSweeps(db.sqlite, { limit: 1 }).items).toMatchObject([TALLY]);
});

it('tallies are added counter by counter', () => {
  const sum = emptyTally();
  addTally(sum, TALLY);
  addTally(sum, TALLY);
  addTally(sum, { calls: 1 });
  expect(sum).toEqual(byCounter(({ name }) => 2 * TALLY[name] + (name === 'calls' ? 1 : 0)));
});
