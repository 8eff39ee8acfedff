import { existsSync } from 'node:fs';
import { readRecordAt } from '../../ledger/signing-record/read-record.ts';
import { recordPlaces } from '../../ledger/signing-record/record-places.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { makeArchive } from './make-archive.ts';
import { besideOf, type Standing, standingAt } from './standing.ts';

/** An archive's path, and the paths of the other files that show whether there was an archive. */
export interface ArchivePlace {
  db: string;
  ledgerKey: string;
  authDb: string;
}

/**
 * Returns `archive` if an archive is at the path, and `nothing` if nothing is there and an archive may be made. Throws
 * UserFault if no archive may be made, because an empty or foreign file is at the path, or because another file shows
 * that there was an archive. A new archive in its place would look as if nothing had ever been collected, and the same
 * key would sign a second history. Changes nothing.
 */
export function findPlace(place: ArchivePlace): 'archive' | 'nothing' {
  const standing = standingAt(place.db);
  if (standing.kind === 'archive') return 'archive';
  if (standing.kind !== 'nothing') throw refusalOf(standing);
  const memories = memoriesOf(place);
  if (memories.length === 0) return 'nothing';
  // Another process may have made and signed the archive since the first look.
  if (standingAt(place.db).kind !== 'nothing') return findPlace(place);
  throw new UserFault(
    [`There is no archive at ${place.db}, and no new one is made: ${memories.join('; ')}.`, ...WAYS_ON],
    {
      exitCode: 2,
    },
  );
}

/**
 * Makes the archive if it is missing and may be made. Returns true if this call made it. Throws like `findPlace`, and
 * throws UserFault if the archive can't be made.
 */
export async function ensureArchive(place: ArchivePlace): Promise<boolean> {
  return findPlace(place) === 'nothing' && (await makeArchive(place.db));
}

/** The files that have a record of what was signed. */
export function recordsAt({ db, ledgerKey, authDb }: ArchivePlace): string[] {
  return recordPlaces({ keyPath: ledgerKey, authDb, db }).filter((path) => existsSync(path));
}

const WAYS_ON = [
  'To restore its newest backup: ssm-archive restore BACKUP',
  'To begin a new archive with a new key and keep the old files under other names: ssm-archive init --new',
];

function memoriesOf(place: ArchivePlace): string[] {
  return [
    ...recordsAt(place).map((path) => `${path} shows that there was one${whatWasSigned(path)}`),
    ...besideOf(place.db).map((path) => `an archive has left ${path}`),
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

/** The error that says why no archive can be made where a file is already. */
export function refusalOf(standing: Extract<Standing, { what: string }>): UserFault {
  const { kind, what } = standing;
  const lines =
    kind === 'empty'
      ? [`${what}. No archive is made in its place, because it may have been one.`, ...WAYS_ON]
      : [
          `${what}. Point --db or SSM_ARCHIVE_DB at an archive or at a new file. Or move the file away. Then, if there was an archive before:`,
          ...WAYS_ON,
        ];
  return new UserFault(lines, { exitCode: 2 });
}
