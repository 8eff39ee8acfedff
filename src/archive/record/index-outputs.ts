import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { decodeOutput } from '../../lib/text/decode-output.ts';

/** Indexing this many outputs takes about a hundredth of a second, so other writers do not wait longer than that. */
const BATCH_OUTPUTS = 200;
/**
 * This batch may be larger than BATCH_OUTPUTS: its outputs are searchable already and are only inspected, and few of
 * them are UTF-16.
 */
const BATCH_LOOKED_AT = 2000;

interface Output {
  id: number;
  text: string;
}

/**
 * Makes those outputs searchable that are not searchable yet, the oldest first, and returns how many it indexed. It
 * uses transactions of its own, because indexing in the reply's transaction would halve the rate of collecting. Outputs
 * are only added and their ids only grow. So wherever an earlier run stopped, exactly the outputs after the last
 * indexed one are missing. Then it decodes the UTF-16 outputs that an older version indexed undecoded.
 */
export async function indexOutputs(sqlite: Database, signal?: AbortSignal): Promise<number> {
  const isBehind = sqlite
    .prepare('SELECT (SELECT max(id) FROM outputs) > (SELECT coalesce(max(id), 0) FROM outputs_fts_docsize)')
    .pluck();
  let indexed = 0;
  while (!signal?.aborted && isBehind.get() === 1) {
    indexed += sqlite.transaction(addBatch).immediate(sqlite);
    await setImmediate();
  }
  const isUndecoded = sqlite.prepare('SELECT EXISTS (SELECT 1 FROM outputs_to_decode)').pluck();
  while (!signal?.aborted && isUndecoded.get() === 1) {
    indexed += sqlite.transaction(decodeBatch).immediate(sqlite);
    await setImmediate();
  }
  return indexed;
}

function addBatch(sqlite: Database): number {
  const span = prepareOnce<[], { after: number; last: number | null }>(
    sqlite,
    `WITH indexed AS (SELECT coalesce(max(id), 0) AS id FROM outputs_fts_docsize)
     SELECT id AS after, (SELECT max(id) FROM (
       SELECT id FROM outputs WHERE id > indexed.id ORDER BY id LIMIT ${BATCH_OUTPUTS})) AS last FROM indexed`,
  ).get();
  // Nothing is left to add if another process has just added it.
  if (!span || span.last === null) return 0;
  for (const { id, text } of decodedOf(sqlite, span.after, span.last)) keepDecoded(sqlite, id, text);
  return prepareOnce<[number, number], unknown>(
    sqlite,
    'INSERT INTO outputs_fts (rowid, text) SELECT id, text FROM searched_outputs WHERE id > ? AND id <= ? ORDER BY id',
  ).run(span.after, span.last).changes;
}

/** Reads the next outputs that an older version indexed. Those in UTF-16 are indexed again, by their decoded text. */
function decodeBatch(sqlite: Database): number {
  const span = prepareOnce<[], { after: number; last: number; end: number }>(
    sqlite,
    `SELECT first_id - 1 AS after, last_id AS "end", coalesce((SELECT max(id) FROM (
       SELECT id FROM outputs WHERE id BETWEEN first_id AND last_id ORDER BY id LIMIT ${BATCH_LOOKED_AT})), last_id) AS last
       FROM outputs_to_decode ORDER BY first_id LIMIT 1`,
  ).get();
  if (!span) return 0;
  let indexed = 0;
  for (const { id, text, raw } of decodedOf(sqlite, span.after, span.last)) {
    prepareOnce(sqlite, "INSERT INTO outputs_fts (outputs_fts, rowid, text) VALUES ('delete', ?, ?)").run(id, raw);
    keepDecoded(sqlite, id, text);
    prepareOnce(sqlite, 'INSERT INTO outputs_fts (rowid, text) VALUES (?, ?)').run(id, text);
    indexed += 1;
  }
  if (span.last >= span.end)
    prepareOnce(sqlite, 'DELETE FROM outputs_to_decode WHERE first_id = ?').run(span.after + 1);
  else
    prepareOnce(sqlite, 'UPDATE outputs_to_decode SET first_id = ? WHERE first_id = ?').run(
      span.last + 1,
      span.after + 1,
    );
  return indexed;
}

/** The outputs after `after` and up to `last` whose decoded text differs from their text. */
function decodedOf(sqlite: Database, after: number, last: number): (Output & { raw: string })[] {
  return prepareOnce<[number, number], Output>(
    sqlite,
    'SELECT id, text FROM outputs WHERE id > ? AND id <= ? AND instr(text, char(0)) > 0',
  )
    .all(after, last)
    .map(({ id, text }) => ({ id, raw: text, text: decodeOutput(text) }))
    .filter(({ raw, text }) => text !== raw);
}

function keepDecoded(sqlite: Database, id: number, text: string): void {
  prepareOnce(sqlite, 'INSERT INTO decoded_outputs (output_id, text) VALUES (?, ?)').run(id, text);
}
