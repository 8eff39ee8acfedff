import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { sha256 } from '../../lib/sha256.ts';
import type { LakeValue } from '../tables/lake-table.ts';
import type { RestoreTarget } from './restorable-tables.ts';

/** Most nodes of a fleet print the same. A text that comes again at once is not hashed again. */
const KNOWN_OUTPUTS = 1000;

/** Returns a function that finds or adds an output by its text, and returns its id; null if there is no output. */
export function createOutputPutter(
  sqlite: Database,
  target: RestoreTarget,
): (text: LakeValue) => number | bigint | null {
  const insert = prepareOnce<unknown[], unknown>(
    sqlite,
    `INSERT INTO ${target}.outputs (sha256, text, size_bytes) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING`,
  );
  const find = prepareOnce<[Buffer], number>(sqlite, `SELECT id FROM ${target}.outputs WHERE sha256 = ?`).pluck();
  const known = new Map<string, number | bigint>();
  return (text) => {
    if (typeof text !== 'string') return null;
    const before = known.get(text);
    if (before !== undefined) return before;
    const digest = sha256(text);
    const inserted = insert.run(digest, text, Buffer.byteLength(text));
    const id = inserted.changes === 1 ? inserted.lastInsertRowid : Number(find.get(digest));
    if (known.size >= KNOWN_OUTPUTS) known.clear();
    known.set(text, id);
    return id;
  };
}
