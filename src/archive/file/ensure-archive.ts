import { existsSync } from 'node:fs';
import { readRecordAt } from '../../ledger/signing-record/read-record.ts';
import { recordPlaces } from '../../ledger/signing-record/record-places.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { makeArchive } from './make-archive.ts';
import { besideOf, type Standing, standingAt } from './standing.ts';

/** An archive's path, and the paths of the files beside it that know about it. */
export interface ArchivePlace {
  db: string;
  ledgerKey: string;
  authDb: string;
}

/**
 * Whether an archive is at the path, or nothing is there and one may be made. Throws UserFault if none may be made,
 * because an empty or foreign file is in its place, or because a file beside it remembers an archive. If we went on
 * with an empty archive, it would look as if nothing had ever been collected, and the same key would sign a second
 * history. Changes nothing.
 */
export function findPlace(place: ArchivePlace): 'archive' | 'nothing' {
  const standing = standingAt(place.db);
  if (standing.kind === 'archive') return 'archive';
  if (standing.kind !== 'nothing') throw refusalOf(standing);
  const memories = memoriesOf(place);
  if (memories.length === 0) return 'nothing';
  // Another process may have made and signed it since.
  if (standingAt(place.db).kind !== 'nothing') return findPlace(place);
  throw new UserFault([`There is no archive at ${place.db}, and none is made: ${memories.join('; ')}.`, ...WAYS_ON], {
    exitCode: 2,
  });
}

/**
 * Makes the archive if it is missing and may be made. Returns true if this call has made it. Throws like `findPlace`,
 * and UserFault if it can't be made.
 */
export async function ensureArchive(place: ArchivePlace): Promise<boolean> {
  return findPlace(place) === 'nothing' && (await makeArchive(place.db));
}

/** The files that have a record of what was signed. */
export function recordsAt({ db, ledgerKey, authDb }: ArchivePlace): string[] {
  return recordPlaces({ keyPath: ledgerKey, authDb, db }).filter((path) => existsSync(path));
}

const WAYS_ON = [
  'To put its newest backup in its place: ssm-archive restore BACKUP',
  'To begin a new archive with a new key, the old files kept under other names: ssm-archive init --new',
];

function memoriesOf(place: ArchivePlace): string[] {
  return [
    ...recordsAt(place).map((path) => `${path} remembers one${whatWasSigned(path)}`),
    ...besideOf(place.db).map((path) => `${path} is there, which an archive has left`),
  ];
}

function whatWasSigned(path: string): string {
  try {
    const record = readRecordAt(path);
    if (record === undefined) return '';
    return `, of which the key ${record.origin} has signed ${record.size} ${record.size === 1 ? 'leaf' : 'leaves'}`;
  } catch {
    // A record that can't be read still shows that there was an archive.
    return '';
  }
}

/** Why no archive can be made at the path of the file that is there. */
export function refusalOf(standing: Extract<Standing, { what: string }>): UserFault {
  const { kind, what } = standing;
  const lines =
    kind === 'empty'
      ? [`${what}. No archive is made in its place, since it may have been one.`, ...WAYS_ON]
      : [
          `${what}. Point --db or SSM_ARCHIVE_DB at an archive or at a new file. Or move what is there away; then, if there was an archive before:`,
          ...WAYS_ON,
        ];
  return new UserFault(lines, { exitCode: 2 });
}
