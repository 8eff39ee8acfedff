import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allButSuccess } from '../../src/db/sql/all-but-success.ts';
import { FINAL_LIST, isUnfinished } from '../../src/db/sql/final-sql.ts';
import {
  FINAL_STATUSES,
  isFinal,
  KNOWN_STATUSES,
  kindOfDetails,
  kindOfStatus,
  NOT_SUCCEEDED,
  STATUS_KINDS,
  STATUS_LIST,
  STATUSES,
  statusesFoundBy,
} from '../../src/model/final-status.ts';
import { tempArchive } from '../db/temp-archive.ts';

// The enumerations of CommandInvocationStatus, CommandPluginStatus and CommandStatus in the model of AWS's API.
const OF_INVOCATIONS = ['Pending', 'InProgress', 'Delayed', 'Success', 'Cancelled', 'TimedOut', 'Failed', 'Cancelling'];
const OF_PLUGINS = ['Pending', 'InProgress', 'Success', 'TimedOut', 'Cancelled', 'Failed'];
const OF_COMMANDS = ['Pending', 'InProgress', 'Success', 'Cancelled', 'Failed', 'TimedOut', 'Cancelling'];

const ANY = fc.oneof(fc.constantFrom(...KNOWN_STATUSES, 'success', 'FAILED', 'Superseded', ''), fc.string());

describe('the list of statuses', () => {
  it('has the statuses of the service, each with the kind of its end', () => {
    expect(FINAL_STATUSES).toEqual(['Success', 'Cancelled', 'TimedOut', 'Failed']);
    expect(NOT_SUCCEEDED).toEqual(['Cancelled', 'TimedOut', 'Failed']);
    expect(KNOWN_STATUSES.filter((status) => !isFinal(status))).toEqual([
      'Pending',
      'InProgress',
      'Delayed',
      'Cancelling',
    ]);
    expect(['Undeliverable', 'NoInstancesInTag', 'Delayed', 'Unheard'].map(kindOfDetails)).toEqual([
      'bad',
      'good',
      'busy',
      undefined,
    ]);
  });

  it('has each Status of the API’s model, and no other', () => {
    const listed = STATUSES.filter(({ isStatus }) => isStatus).map(({ name }) => name);
    expect([...listed].sort()).toEqual([...new Set([...OF_INVOCATIONS, ...OF_PLUGINS, ...OF_COMMANDS])].sort());
    expect(listed).toEqual(KNOWN_STATUSES);
  });

  it('has each StatusDetails of AWS’s guide once', () => {
    const details = STATUSES.filter(({ isStatus }) => !isStatus).map(({ name }) => name);
    expect([...details].sort()).toEqual([
      ...['AccessDenied', 'DeliveryTimedOut', 'ExecutionTimedOut', 'Incomplete', 'InvalidPlatform', 'LimitExceeded'],
      ...['NoInstancesInTag', 'RateExceeded', 'Terminated', 'Undeliverable'],
    ]);
    expect(new Set(STATUSES.map(({ name }) => name)).size).toBe(STATUSES.length);
    expect(STATUS_LIST.flatMap(({ details }) => details)).toEqual(expect.arrayContaining(details));
  });

  it('says for each status whether it is final', () => {
    for (const { name, isStatus, kind } of STATUSES)
      if (isStatus) expect(kind !== 'busy', name).toBe(FINAL_STATUSES.includes(name));
    expect(STATUSES.find(({ name }) => name === 'Undeliverable')?.kind).toBe('bad');
  });

  it('counts every unknown status as unfinished, both in the program and in SQL', () => {
    const look = tempArchive()
      .sqlite.prepare<[string | null], number>(`SELECT ${isUnfinished('status')} FROM (SELECT ? AS status)`)
      .pluck();
    fc.assert(
      fc.property(fc.option(ANY), (status) => {
        const isKnown = status !== null && KNOWN_STATUSES.includes(status);
        if (!isKnown) expect(kindOfStatus(status)).toBe('busy');
        expect(look.get(status)).toBe(isFinal(status) ? 0 : 1);
      }),
    );
  });

  it('is the same as the list in the partial indexes of the file', () => {
    const sqlOf = tempArchive()
      .sqlite.prepare<[string], string>('SELECT sql FROM sqlite_schema WHERE name = ?')
      .pluck();
    expect(sqlOf.get('invocations_unfinished')).toContain(`WHERE ${isUnfinished('status')}`);
    expect(sqlOf.get('commands_unended')).toContain(`WHERE status NOT IN ${FINAL_LIST}`);
    for (const status of KNOWN_STATUSES.filter((one) => one !== 'Success'))
      expect(allButSuccess('status')).toContain(`status = '${status}'`);
  });

  it('is written once: no other file lists that many statuses, except files where the compiler or a column needs them', () => {
    const names = STATUSES.map(({ name }): string => name);
    const listing = sources('src').flatMap(([path, text]) => {
      const quoted = new Set([...text.matchAll(/'(\w+)'/g)].map(([, word = '']) => word));
      return names.filter((name) => quoted.has(name)).length < FINAL_STATUSES.length ? [] : [path];
    });
    expect(listing).toContain('model/final-status.ts');
    const allowed = [
      'model/final-status.ts',
      // The SQL of an index is the text in its migration.
      'db/sql/all-but-success.ts',
      // The SQL of the report has a column for each status.
      'archive/reports/status-by-node.ts',
      // These are other words that people type for some statuses.
      'questions/read-status.ts',
      // The simulator has a frequency for each status, with the list's types.
      ...[
        'simulator/records/command-record.ts',
        'simulator/records/invocation-state.ts',
        'simulator/fleet/plan-invocation.ts',
      ],
    ];
    expect(listing.filter((path) => !allowed.includes(path))).toEqual([]);
  });

  it('has every status that SQL, the program and the docs compare with', () => {
    const written = [...sources('src'), ...sources('docs')].flatMap(([path, text]) => {
      const one = [...text.matchAll(/\b[sS]tatus(?:_?[dD]etails)? (?:=|<>|IS|IS NOT|===|!==) '(\w+)'/g)];
      const many = [...text.matchAll(/\bstatus(?:_details)? (?:NOT )?IN \(((?:'\w+'(?:, )?)+)\)/g)];
      const words = [...one, ...many].flatMap(([, found = '']) => found.match(/\w+/g) ?? []);
      return words.map((word) => `${word} in ${path}`);
    });
    expect(written.length).toBeGreaterThan(40);
    const known = new Set<string>(STATUSES.map(({ name }) => name));
    expect(written.filter((one) => !known.has(one.split(' ')[0] ?? ''))).toEqual([]);
  });

  it('has a colour in the console’s styles for each kind of end', () => {
    const css = sources('src/http/console/styles')
      .map(([, text]) => text)
      .join('\n');
    for (const kind of STATUS_KINDS)
      for (const of of ['status', 'key', 'cell', 'text']) expect(css).toContain(`.${of}-${kind}`);
  });

  it('says which statuses AWS’s filter finds: those with the value as Status or StatusDetails, and for TimedOut both kinds of timeout', () => {
    expect(statusesFoundBy('Failed')).toEqual(['Failed']);
    expect(statusesFoundBy('Undeliverable')).toEqual(['Undeliverable']);
    expect(statusesFoundBy('Unheard')).toEqual(['Unheard']);
    expect(statusesFoundBy('TimedOut')).toEqual(['TimedOut', 'DeliveryTimedOut', 'ExecutionTimedOut']);
  });
});

/** Returns the files of a folder by their paths in it. */
function sources(folder: string): [path: string, text: string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(tsx?|md|css)$/.test(path))
    .map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]);
}
