import { describe, expect, it } from 'vitest';
import { createPageRecorder } from '../../../src/archive/record-page.ts';
import { slowestSteps } from '../../../src/archive/reports/slowest-steps.ts';
import { unfinished } from '../../../src/archive/reports/unfinished.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { type Members, page, rawInvocation, rawPlugin } from '../raw-invocation.ts';
import { ask } from './report-trial.ts';

function archiveOf(runs: readonly Members[]): string {
  const { sqlite } = tempArchive();
  createPageRecorder(sqlite)(page(runs.map((run, n) => rawInvocation({ CommandId: `c-${n}`, ...run }))));
  return sqlite.name;
}

describe('a length of time in a report', () => {
  it('is never less than none: the age of what was requested later than the time asked of is not known', () => {
    const path = archiveOf([{ Status: 'InProgress', RequestedDateTime: Date.parse('2026-03-01T10:00:00Z') / 1000 }]);
    const ageAt = (as_of: string) => ask(path, unfinished, { as_of }).map((row) => row.age_hours);
    expect(ageAt('2026-03-01T12:30:00Z')).toEqual([2.5]);
    expect(ageAt('2026-03-01T10:00:00Z')).toEqual([0]);
    expect(ageAt('2026-03-01T09:00:00Z')).toEqual([null]);
  });

  it('is not that of a step whose node’s clock was set back', () => {
    const back = rawPlugin({ ResponseStartDateTime: 1772357405, ResponseFinishDateTime: 1772357400 });
    const path = archiveOf([{ CommandPlugins: [back] }, {}]);
    const slowest = ask(path, slowestSteps, { from: '2026-02-01', to: '2026-04-01' });
    expect(slowest.map((row) => [row.command_id, row.duration_ms])).toEqual([['c-1', 500]]);
  });
});
