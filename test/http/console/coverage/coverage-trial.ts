import { noteOwed } from '../../../../src/archive/coverage/sources/note-owed.ts';
import { beginRun, finishRun, recordRunSource } from '../../../../src/archive/record/record-run.ts';
import { beginSweep, finishSweep } from '../../../../src/archive/record/record-sweep.ts';
import { DAY_MS } from '../../../../src/lib/time.ts';
import { emptyTally } from '../../../../src/model/coverage/counters.ts';
import { daysAgo, NOW_MS, target } from '../../../archive/archive-with-passes.ts';
import { SOURCE } from '../../../archive/raw-invocation.ts';
import { apiTrial } from '../../api/api-trial.ts';

/** The time up to which a pass that begins now can list. */
export const SETTLED_DAYS = 900_000 / DAY_MS;

interface Collected {
  /** Spans that were listed to their end, in days before NOW_MS; the ledger proves each. */
  covers: readonly [fromDaysAgo: number, toDaysAgo: number][];
  /** A source to which the service never gave an answer, and which has been owed for this many days. */
  missingSince?: number;
  /** When the only pass began, in days before NOW_MS. */
  passedDaysAgo?: number;
  /** The account and region. */
  source?: { accountId: string; region: string };
}

/** Records in an archive the spans that a pass collected. */
export function collect(
  { db }: Pick<ReturnType<typeof apiTrial>, 'db'>,
  { covers, missingSince, passedDaysAgo = SETTLED_DAYS, source = SOURCE }: Collected,
): void {
  if (missingSince !== undefined)
    noteOwed(db.sqlite, [{ alias: 'good', ...source }, { alias: 'denied' }], { at: daysAgo(missingSince) });
  const startedAt = daysAgo(passedDaysAgo);
  const runId = beginRun(db.sqlite, { startedAt, collector: 'here:1' });
  for (const [from, to] of covers) {
    const id = beginSweep(db.sqlite, { runId, source, target: target(from, to), startedAt });
    const spans = [{ from: NOW_MS - from * DAY_MS, to: NOW_MS - to * DAY_MS }];
    finishSweep(db.sqlite, id, {
      ...{ outcome: 'complete', finishedAt: startedAt, tally: emptyTally(), covered: { source, spans } },
    });
  }
  const ended = { ...emptyTally(), clockSkewMs: null, startedAt, finishedAt: startedAt };
  recordRunSource(db.sqlite, runId, { ...ended, ...source, alias: 'good', outcome: 'complete', error: null });
  finishRun(db.sqlite, runId, { finishedAt: startedAt, outcome: 'complete' });
}

/** A separate trial in which these spans were collected. Call it at the top of a file. */
export function collectedTrial(collected?: Collected) {
  const trial = apiTrial({ isRead: false });
  if (collected) collect(trial, collected);
  return trial;
}
