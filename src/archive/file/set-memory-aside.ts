import { existsSync } from 'node:fs';
import { parseVerifierKey } from '../../ledger/notes/note-key.ts';
import { readVerifierKey } from '../../ledger/notes/open-signer.ts';
import { readRecordAt } from '../../ledger/signing-record/read-record.ts';
import { pathFault } from '../../lib/errors/path-fault.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { type ArchivePlace, recordsAt, refusalOf } from './ensure-archive.ts';
import { type SetAside, setAside } from './set-aside.ts';
import { besideOf, standingAt } from './standing.ts';

/**
 * Renames all files that remain of a missing archive, so that a new one can be made: first the key, because it must not
 * sign a second history, then the records of what it signed, then the files that SQLite left. If we crash before the
 * end, the files that still have their names keep an archive from being made with the old key. Deletes nothing. Throws
 * UserFault if an archive or a foreign file is at the path, or if a file can't be renamed.
 */
export async function setMemoryAside(place: ArchivePlace, at: Date): Promise<SetAside[]> {
  const standing = standingAt(place.db);
  if (standing.kind === 'archive')
    throw new UserFault(
      `There is an archive at ${place.db}: --new makes an archive only if there is none. Point --db or SSM_ARCHIVE_DB at a new file, or first move that archive away, with its key and the record of what the key signed.`,
      { exitCode: 2 },
    );
  if (standing.kind === 'foreign') throw refusalOf(standing);
  const records = recordsAt(place);
  const left = [...besideOf(place.db), ...(standing.kind === 'empty' ? [place.db] : [])];
  const hasSigned = (records.length > 0 || left.length > 0) && mayHaveSigned(place.ledgerKey, records);
  const moved: SetAside[] = [];
  for (const path of [...(hasSigned ? [place.ledgerKey] : []), ...records, ...left]) {
    try {
      moved.push(await setAside(path, at));
    } catch (error) {
      throw explain(path, place, error);
    }
  }
  return moved;
}

/** Whether there is a key, and it may be the one that the records name. */
function mayHaveSigned(keyPath: string, records: readonly string[]): boolean {
  if (!existsSync(keyPath)) return false;
  try {
    const key = readVerifierKey(keyPath);
    const origins = records.map((path) => readRecordAt(path)?.origin);
    return key === undefined || origins.length === 0 || origins.includes(parseVerifierKey(key).name);
  } catch {
    // A key that can't be read may have signed anything.
    return true;
  }
}

function explain(path: string, { ledgerKey }: ArchivePlace, error: unknown): unknown {
  const fault = pathFault(path, error, 'write') ?? String(error);
  const remedy =
    path === ledgerKey
      ? 'This key must not sign a second history: point SSM_ARCHIVE_LEDGER_KEY at a new file, or move the key away yourself'
      : 'Move the file away yourself';
  return new UserFault(`${path} can't be renamed: ${fault}. ${remedy}, and run this again.`, {
    exitCode: 2,
    cause: error,
  });
}
