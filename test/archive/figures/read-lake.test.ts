import { describe, expect, it } from 'vitest';
import { countRevisions } from '../../../src/archive/figures/count-revisions.ts';
import { readLake } from '../../../src/archive/figures/read-lake.ts';
import { readMetrics } from '../../../src/archive/figures/read-metrics.ts';
import { readStatus } from '../../../src/archive/figures/read-status.ts';
import { nextSeal } from '../../../src/lake/seal/next-seal.ts';
import { DAY_MS } from '../../../src/lib/time.ts';
import { SOURCE } from '../raw-invocation.ts';
import { noteSealedDay, sealRows } from '../sealed/seal-rows.ts';
import { archiveWith } from '../values/seen-archive.ts';

const NOW_MS = Date.parse('2026-05-10T03:00:00.000Z');
const secondsOf = (iso: string) => Date.parse(iso) / 1000;
const TWO_DAYS = [
  { InstanceId: 'i-1', RequestedDateTime: secondsOf('2026-03-01T09:00:00Z') },
  { InstanceId: 'i-2', RequestedDateTime: secondsOf('2026-03-04T09:00:00Z') },
];

describe('the figures of the lake', () => {
  it('do not exist before a day is sealed, and then say how much is in the lake alone', () => {
    const { sqlite } = archiveWith(TWO_DAYS);
    expect(readLake(sqlite)).toBeUndefined();
    const db = archiveWith(TWO_DAYS);
    sealRows(db);
    db.sqlite
      .prepare(`UPDATE sealed_days SET objects_json = '[{"sizeBytes":7},{"sizeBytes":4}]', is_unsealed = 1`)
      .run();
    expect(readLake(db.sqlite)).toEqual({
      ...{ days: 2, firstDay: '2026-03-01', floor: '2026-03-05', invocations: 2, bytes: 22, unsealed: 2 },
    });
  });

  it('leave the numbers of invocations in the status and in the metrics as they were', () => {
    const db = archiveWith(TWO_DAYS);
    const figures = () => {
      const { invocations, sources } = readStatus(db.sqlite, NOW_MS);
      const metrics = readMetrics(db.sqlite, { nowMs: NOW_MS, settlingMs: 0 });
      const found = metrics.find(({ name }) => name === 'ssm_archive_invocations')?.samples[0]?.value;
      return { invocations, sources, found };
    };
    const before = figures();
    expect(before).toMatchObject({ invocations: 2, found: 2, sources: [{ ...SOURCE, invocations: 2 }] });
    sealRows(db);
    expect(figures()).toEqual(before);
  });

  it('count the observed states of the file again after a seal, also on a connection that had counted them', () => {
    const db = archiveWith(TWO_DAYS);
    expect(countRevisions(db.sqlite)).toBe(2);
    sealRows(db);
    expect(countRevisions(db.sqlite)).toBe(0);
  });
});

describe('the day that is sealed next', () => {
  const query = { nowMs: NOW_MS, sealAfterMs: 35 * DAY_MS, settlingMs: 900_000 };

  it('is the first with invocations that was never sealed, and waits with the reason of the plan', () => {
    const { sqlite } = archiveWith(TWO_DAYS);
    expect(nextSeal(sqlite, query)).toEqual({ day: '2026-03-01', why: null });
    noteSealedDay(sqlite, '2026-03-01');
    expect(nextSeal(sqlite, query)).toEqual({ day: '2026-03-04', why: null });
    const young = { ...query, sealAfterMs: 90 * DAY_MS };
    expect(nextSeal(sqlite, young)).toEqual({ day: '2026-03-04', why: 'ended less than 90 days ago' });
    noteSealedDay(sqlite, '2026-03-04');
    expect(nextSeal(sqlite, query)).toBeUndefined();
  });
});
