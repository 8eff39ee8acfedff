import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allButSuccess } from '../../src/db/all-but-success.ts';
import { FINAL_LIST, isUnfinished } from '../../src/db/final-sql.ts';
import {
  FINAL_STATUSES,
  isFinal,
  KNOWN_STATUSES,
  kindOfDetails,
  kindOfStatus,
  NOT_SUCCEEDED,
} from '../../src/model/final-status.ts';
import { tempArchive } from '../db/temp-archive.ts';

const ANY = fc.oneof(fc.constantFrom(...KNOWN_STATUSES, 'success', 'FAILED', 'Superseded', ''), fc.string());

describe('the list of statuses', () => {
  it('has those of the service, and how each ends', () => {
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

  it('takes every status that nobody knows for unfinished, in the program and in SQL alike', () => {
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

  it('is what the partial indexes of the file are made of', () => {
    const sqlOf = tempArchive()
      .sqlite.prepare<[string], string>('SELECT sql FROM sqlite_schema WHERE name = ?')
      .pluck();
    expect(sqlOf.get('invocations_unfinished')).toContain(`WHERE ${isUnfinished('status')}`);
    expect(sqlOf.get('commands_unended')).toContain(`WHERE status NOT IN ${FINAL_LIST}`);
    for (const status of KNOWN_STATUSES.filter((one) => one !== 'Success'))
      expect(allButSuccess('status')).toContain(`status = '${status}'`);
  });

  it('stands once: nothing else of the program lists what is final', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path));
    const listing = files.filter((path) =>
      /(NOT )?IN \('Success', |\['Success', '(Failed|Cancelled|TimedOut)'|'TimedOut', 'Failed'\]/.test(
        readFileSync(join('src', path), 'utf8'),
      ),
    );
    // The simulator ranks the statuses of nodes to make that of a command.
    expect(listing).toEqual(['simulator/command-record.ts']);
  });
});
