import type { Database } from 'better-sqlite3';
import { readKeyset } from '../../db/read-keyset.ts';
import type { NewestFirst } from '../passes/list-runs.ts';
import { cosignedNote } from './cosigned-note.ts';
import type { MadeCheckpoint } from './make-checkpoint.ts';

/**
 * A page of checkpoints in their published form, newest first. `before` is the size of the last checkpoint on the
 * previous page.
 */
export function listCheckpoints(
  sqlite: Database,
  { limit, before }: { limit: number; before?: number | undefined },
): NewestFirst<MadeCheckpoint> {
  const { rows, next } = readKeyset<MadeCheckpoint, readonly [size: number]>(sqlite, {
    ...{ order: [{ sql: 'size', isDescending: true }], limit },
    streams: [{ select: 'size, made_at AS madeAt, note', from: 'ledger_checkpoints', conditions: [] }],
    after: before === undefined ? undefined : [before],
    positionOf: ({ size }) => [size],
  });
  return { items: rows.map((row) => ({ ...row, note: cosignedNote(sqlite, row) })), next: next?.[0] };
}
