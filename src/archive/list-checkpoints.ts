import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../db/prepare-once.ts';
import { cosignedNote } from './cosigned-note.ts';
import type { NewestFirst } from './list-runs.ts';
import type { MadeCheckpoint } from './make-checkpoint.ts';

/** A page of checkpoints as they are published, the newest first; `before` is the size of the last one of the page before. */
export function listCheckpoints(
  sqlite: Database,
  { limit, before = Number.MAX_SAFE_INTEGER }: { limit: number; before?: number | undefined },
): NewestFirst<MadeCheckpoint> {
  const rows = prepareOnce<[number, number], MadeCheckpoint>(
    sqlite,
    'SELECT size, made_at AS madeAt, note FROM ledger_checkpoints WHERE size < ? ORDER BY size DESC LIMIT ?',
  ).all(before, limit + 1);
  const items = rows.slice(0, limit).map((row) => ({ ...row, note: cosignedNote(sqlite, row) }));
  return { items, next: rows.length > limit ? items.at(-1)?.size : undefined };
}
