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
 * Renames all files that remember an archive which is not there, so that another can be made: first the key that signed
 * it, since it must not sign a second history, then the records of what it signed, then what is left of the file. If we
 * crash in between, the files not renamed yet still keep anybody from making an archive with the old key. Nothing is
 * deleted. Throws UserFault if an archive or a foreign file is at the path, and if a file can't be renamed.
 */
export async function setMemoryAside(place: ArchivePlace, at: Date): Promise<SetAside[]> {
  const standing = standingAt(place.db);
  if (standing.kind === 'archive')
    throw new UserFault(
      `There is an archive at ${place.db}: --new makes one only if there is none. Point --db or SSM_ARCHIVE_DB at a new file, or move that one away first, with its key and the record of what it signed.`,
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

/** Whether there is a key that may be the one of the records. */
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
      ? 'It must not sign a second history: point SSM_ARCHIVE_LEDGER_KEY at a new file, or move it away yourself'
      : 'Move it away yourself';
  return new UserFault(`${path} can't be given another name: ${fault}. ${remedy}, and run this again.`, {
    exitCode: 2,
    cause: error,
  });
}
