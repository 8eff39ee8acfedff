import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { secretOfState } from '../../ledger/entries/commitments.ts';
import { isSeed, packSecrets, unpackSecrets } from '../../ledger/entries/line-secrets.ts';
import { CURRENT_DICTIONARY_ID, decodeStates, encodeStates } from '../../model/state-codec.ts';
import { bytesOf, createValueReader, type RowsOfTable } from './lake-rows.ts';
import type { RestoreTarget } from './restorable-tables.ts';

/** The lines of a batch that come back. */
interface Lines {
  digest: Buffer | null;
  states: Map<number, string>;
  /** The secrets from which the salts of the lines are made. */
  secrets: Map<number, Buffer>;
}

interface StoredBatch {
  states: Buffer;
  salt: Buffer | null;
  dictionary: Buffer;
}

/**
 * Puts states into their batches again, each in its line. A batch of which other states are still there gets the lines
 * that it lacks. The digest that the batch had at first is kept beside it, because the leaves are made of that one.
 */
export function putStates(sqlite: Database, target: RestoreTarget, revisions: RowsOfTable): void {
  const batches = batchesOf(revisions);
  if (batches.size === 0) return;
  const stored = prepareOnce<[number], StoredBatch>(
    sqlite,
    `SELECT p.states, p.salt, d.bytes AS dictionary FROM ${target}.revision_pages p
       JOIN main.state_dictionaries d ON d.id = p.dictionary_id WHERE p.id = ?`,
  );
  const insert = prepareOnce<unknown[], unknown>(
    sqlite,
    `INSERT INTO ${target}.revision_pages (id, dictionary_id, states, salt) VALUES (?, ?, ?, ?)`,
  );
  const update = prepareOnce<unknown[], unknown>(
    sqlite,
    `UPDATE ${target}.revision_pages SET states = ?, salt = ? WHERE id = ?`,
  );
  const keepDigest = prepareOnce<[object], unknown>(
    sqlite,
    `INSERT INTO ${target}.sealed_pages (page_id, original_sha256) SELECT :id, :digest
      WHERE NOT EXISTS (SELECT 1 FROM ${target}.sealed_pages WHERE page_id = :id)
        AND NOT EXISTS (SELECT 1 FROM ${target}.pruned_pages WHERE page_id = :id)`,
  );
  for (const [id, { digest, states, secrets }] of batches) {
    if (digest) keepDigest.run({ id, digest });
    const there = stored.get(id);
    if (there) {
      const lines = linesWith(decodeStates(there.states, there.dictionary), states);
      update.run(encodeStates(lines, there.dictionary), saltWith(there.salt, secrets), id);
    } else {
      insert.run(
        id,
        CURRENT_DICTIONARY_ID,
        encodeStates(linesWith([], states), currentOf(sqlite)),
        saltWith(null, secrets),
      );
    }
  }
}

function batchesOf({ columns, rows }: RowsOfTable): Map<number, Lines> {
  const read = createValueReader(columns);
  const batches = new Map<number, Lines>();
  for (const row of rows) {
    const id = Number(read(row, 'page_id'));
    const batch = batches.get(id) ?? {
      digest: bytesOf(read(row, 'page_sha256')),
      states: new Map<number, string>(),
      secrets: new Map<number, Buffer>(),
    };
    batches.set(id, batch);
    const [line, state] = [Number(read(row, 'line')), String(read(row, 'state_json'))];
    const secret = bytesOf(read(row, 'page_salt'));
    batch.states.set(line, state);
    if (secret) batch.secrets.set(line, secretOfState(secret, line, state));
  }
  return batches;
}

/** The secrets of a batch with those of the lines that come back. A seed is the secret of all lines. */
function saltWith(before: Buffer | null, secrets: ReadonlyMap<number, Buffer>): Buffer | null {
  if (secrets.size === 0 || (before && isSeed(before))) return before;
  const lines = before ? [...unpackSecrets(before)] : [];
  for (const [line, secret] of secrets) {
    while (lines.length <= line) lines.push(undefined);
    lines[line] = secret;
  }
  return packSecrets(lines);
}

/** The lines with those that come back; a line of which nothing is known is empty. */
function linesWith(before: readonly string[], states: ReadonlyMap<number, string>): string[] {
  const lines = [...before];
  for (const [line, state] of states) {
    while (lines.length <= line) lines.push('');
    lines[line] = state;
  }
  return lines;
}

function currentOf(sqlite: Database): Buffer {
  const dictionary = prepareOnce<[number], Buffer>(sqlite, 'SELECT bytes FROM main.state_dictionaries WHERE id = ?')
    .pluck()
    .get(CURRENT_DICTIONARY_ID);
  if (!dictionary) throw new Error(`The archive lacks the dictionary ${CURRENT_DICTIONARY_ID} of its states.`);
  return dictionary;
}
