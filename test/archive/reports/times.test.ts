import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { failuresByDocumentAndWeek } from '../../../src/archive/reports/failures-by-document-and-week.ts';
import { outOfHoursRuns } from '../../../src/archive/reports/out-of-hours-runs.ts';
import { slowestSteps } from '../../../src/archive/reports/slowest-steps.ts';
import { unfinished } from '../../../src/archive/reports/unfinished.ts';
import { localTime } from '../../../src/db/functions/local-time.ts';
import { bindReport } from '../../../src/questions/reports/bind-report.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { type Members, page, rawInvocation, rawPlugin } from '../raw-invocation.ts';
import { ask, NOW } from './report-trial.ts';

function archiveOf(runs: readonly Members[]): string {
  const { sqlite } = tempArchive();
  createSingleReplyRecorder(sqlite)(page(runs.map((run, n) => rawInvocation({ CommandId: `c-${n}`, ...run }))));
  return sqlite.name;
}

describe('a length of time in a report', () => {
  it('is never negative: an invocation that was requested after the given time has no known age', () => {
    const path = archiveOf([{ Status: 'InProgress', RequestedDateTime: Date.parse('2026-03-01T10:00:00Z') / 1000 }]);
    const ageAt = (as_of: string) => ask(path, unfinished, { as_of }).map((row) => row.age_hours);
    expect(ageAt('2026-03-01T12:30:00Z')).toEqual([2.5]);
    expect(ageAt('2026-03-01T10:00:00Z')).toEqual([0]);
    expect(ageAt('2026-03-01T09:00:00Z')).toEqual([null]);
  });

  it('is unknown for a step during which its node’s clock was set back, so that slowest-steps leaves it out', () => {
    const back = rawPlugin({ ResponseStartDateTime: 1772357405, ResponseFinishDateTime: 1772357400 });
    const path = archiveOf([{ CommandPlugins: [back] }, {}]);
    const slowest = ask(path, slowestSteps, { from: '2026-02-01', to: '2026-04-01' });
    expect(slowest.map((row) => [row.command_id, row.duration_ms])).toEqual([['c-1', 500]]);
  });
});

const at = (iso: string, members: Members = {}) => ({ RequestedDateTime: Date.parse(iso) / 1000, ...members });
const YEAR = { from: '2026-01-01', to: '2027-01-01' };

describe('a report of hours or days', () => {
  it('accepts working hours over midnight: they end at an earlier hour than they begin', () => {
    // A Wednesday.
    const path = archiveOf(
      ['2026-01-14T21:00:00Z', '2026-01-14T03:00:00Z', '2026-01-14T12:00:00Z'].map((time) => at(time)),
    );
    const told = ask(path, outOfHoursRuns, { ...YEAR, opens: '19', closes: '7' }).map((row) => row.first_local_time);
    expect(told).toEqual(['2026-01-14 12:00:00']);
  });

  it('returns no steps, rather than all steps, if -5 are requested', () => {
    expect(ask(archiveOf([{}]), slowestSteps, { ...YEAR, most: '-5' })).toEqual([]);
  });

  it('follows the clocks of a named time zone through a year', () => {
    // 08:30 and 06:30 in Berlin, in winter and in summer; and the night in which 02:00 becomes 03:00.
    const times = ['2026-01-14T07:30:00Z', '2026-07-15T06:30:00Z', '2026-01-14T05:30:00Z', '2026-07-15T04:30:00Z'];
    const path = archiveOf([...times, '2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z'].map((time) => at(time)));
    const told = (given: Record<string, string>) =>
      ask(path, outOfHoursRuns, { ...YEAR, ...given }).map((row) => row.first_local_time);
    expect(told({ time_zone: 'Europe/Berlin' })).toEqual([
      '2026-01-14 06:30:00',
      '2026-03-29 01:59:59',
      '2026-03-29 03:00:00',
      '2026-07-15 06:30:00',
    ]);
    expect(told({ time_zone: 'europe/berlin' })).toHaveLength(4);
    expect(told({})).toEqual([
      '2026-01-14 05:30:00',
      '2026-03-29 00:59:59',
      '2026-03-29 01:00:00',
      '2026-07-15 04:30:00',
      '2026-07-15 06:30:00',
    ]);
  });

  it('counts weeks by the clocks of the time zone too; for UTC, the daily counts give the same result', () => {
    const failed = { Status: 'Failed', StatusDetails: 'Failed' };
    // Sunday 23:30 in UTC is Monday in Berlin, and Sunday evening in New York is Monday in UTC.
    const path = archiveOf([at('2026-03-08T23:30:00Z', failed), at('2026-03-09T02:30:00Z', failed)]);
    const weeks = (given: Record<string, string>) =>
      ask(path, failuresByDocumentAndWeek, { from: '2026-03-01', to: '2026-03-31', ...given }).map((row) => [
        row.week,
        row.failed,
      ]);
    const both = [
      ['2026-W11', 1],
      ['2026-W10', 1],
    ];
    expect(weeks({})).toEqual(both);
    expect(weeks({ time_zone: 'Etc/UTC' })).toEqual(both);
    // This zone has the same clocks as UTC under another name, so its weeks are counted from the invocations.
    expect(weeks({ time_zone: 'Africa/Abidjan' })).toEqual(both);
    expect(weeks({ time_zone: 'Europe/Berlin' })).toEqual([['2026-W11', 2]]);
    expect(weeks({ time_zone: 'America/New_York' })).toEqual([['2026-W10', 2]]);
    expect(weeks({ time_zone: 'Europe/Berlin', to: '2026-03-08' })).toEqual([]);
    expect(weeks({ time_zone: 'America/New_York', from: '2026-03-09' })).toEqual([]);
  });

  it.each(['+02:00', '-5', '120', 'Europe/Berln', '', 'Berlin time'])('refuses %j as a time zone', (time_zone) => {
    expect(() => bindReport(outOfHoursRuns, { time_zone }, NOW)).toThrow(
      /time_zone: must be the name of a time zone, such as Europe\/Berlin or UTC/,
    );
  });

  it('says what to use instead of one offset for the whole year', () => {
    expect(() => bindReport(outOfHoursRuns, { utc_offset_minutes: '60' }, NOW)).toThrow(
      /utc_offset_minutes: was replaced by time_zone: give the name of a time zone, such as Europe\/Berlin/,
    );
  });

  it('has the same local time as Intl, at any time in any zone', () => {
    const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'UTC');
    const times = fc.date({ min: new Date('1930-01-01'), max: new Date('2037-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(times, zones, (time, timeZone) => {
        const told = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(
          time,
        );
        expect(localTime(time.toISOString(), timeZone)).toBe(told);
      }),
      { numRuns: 500 },
    );
    expect([localTime(null, 'UTC'), localTime('no time', 'UTC'), localTime('2026-03-01', null)]).toEqual([
      null,
      null,
      null,
    ]);
    expect(() => localTime('2026-03-01', '+02:00')).toThrow('no such time zone: +02:00');
  });
});
