import { hostname } from 'node:os';
import { readLease } from '../../archive/file/lease.ts';
import type { RunSourceView, RunView } from '../../archive/passes/list-runs.ts';
import { readNewestRun, readRun } from '../../archive/passes/read-run.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { isAlive } from '../../lib/process/is-alive.ts';
import { type Now, SECOND_MS } from '../../lib/time.ts';
import { OUTCOMES, type OutcomeSoFar } from '../../model/coverage/outcomes.ts';
import type { Passes, PassSourceView, PassView } from '../../model/coverage/passes.ts';

const LOOK_EVERY_MS = SECOND_MS;
const ID = /^run-([1-9]\d{0,14})$/;

interface RecordedDeps {
  db: ArchiveDb;
  now: Now;
}

/** Passes as the archive has recorded them, by any process. The id of a pass is `run-` and the number of its run. */
export function createRecordedPasses({ db, now }: RecordedDeps): Pick<Passes, 'get' | 'follow'> & {
  /** Returns the pass that holds the archive's lease, in any process. */
  running(): PassView | undefined;
} {
  function runningRun(): RunView | undefined {
    const lease = readLease({ sqlite: db.sqlite, isAlive }, { host: hostname(), pid: process.pid }, now().getTime());
    if (!lease) return undefined;
    const run = readNewestRun(db.sqlite);
    if (run?.outcome !== 'running') return undefined;
    // If a pass has the lease but no row yet, the newest row belongs to an earlier pass that died.
    return run.collector === `${lease.host}:${lease.pid}` && run.startedAt >= lease.takenAt ? run : undefined;
  }

  function get(id: string): PassView | undefined {
    const number = ID.exec(id)?.[1];
    const run = number === undefined ? undefined : readRun(db.sqlite, Number(number));
    return run && viewOf(run, run.outcome === 'running' && runningRun()?.id === run.id);
  }

  return {
    get,
    running() {
      const run = runningRun();
      return run && viewOf(run, true);
    },
    follow(id, listener) {
      let last = JSON.stringify(get(id));
      const timer = setInterval(() => {
        const view = get(id);
        const text = JSON.stringify(view);
        if (view?.state !== 'running') clearInterval(timer);
        if (view && text !== last) listener(view);
        last = text;
      }, LOOK_EVERY_MS);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}

function viewOf(run: RunView, isRunning: boolean): PassView {
  const outcome = outcomeOf(run.outcome);
  const isLeftOpen = outcome === 'running' && !isRunning;
  return {
    id: `run-${run.id}`,
    state: isLeftOpen ? 'interrupted' : outcome,
    runId: run.id,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    error: isLeftOpen ? 'The collector ended before it could record the end.' : null,
    trigger: 'elsewhere',
    sources: run.sources.map(sourceOf),
  };
}

/**
 * The archive does not record how many parts a source had, so 0 is shown: a source that has ended has no parts left.
 */
function sourceOf({ clockSkewMs: _, finishedAt: __, ...source }: RunSourceView): PassSourceView {
  return { ...source, outcome: outcomeOf(source.outcome), partsPlanned: 0, partsEnded: 0 };
}

function outcomeOf(text: string): OutcomeSoFar {
  return OUTCOMES.find((outcome) => outcome === text) ?? 'failed';
}
