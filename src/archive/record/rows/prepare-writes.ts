import type { Database } from 'better-sqlite3';
import { INVOCATION_MEMBERS, type MemberList, membersOf, STEP_MEMBERS } from '../../../model/members.ts';
import type { NormalizedInvocation, NormalizedPlugin } from '../../../model/observed-invocation.ts';
import { FIRST_ID_SQL } from '../../number/id-range.ts';

const INVOCATION_NAMES = membersOf(INVOCATION_MEMBERS).map(({ name }) => name);
const STEP_NAMES = membersOf(STEP_MEMBERS).map(({ name }) => name);

/**
 * Returns the values in the order in which the statements name the columns. The driver accepts an array as a part of
 * the parameters.
 */
export function columnsOf(invocation: NormalizedInvocation): (string | number | null)[] {
  return INVOCATION_NAMES.map((name) => invocation[name]);
}

/** The same for a step, with the id of its output. */
export function stepColumnsOf(
  step: NormalizedPlugin,
  outputId: number | bigint | null,
): (string | number | bigint | null)[] {
  return STEP_NAMES.map((name) => (name === 'output' ? outputId : step[name]));
}

/** The rows of sealed days may be gone from the table, and their ids are still theirs. */
const NEXT_ID = `(SELECT max(coalesce((SELECT max(id) FROM main.invocations), 0) + 1,
  coalesce((SELECT max(last_id) FROM main.sealed_days), 0) + 1, ${FIRST_ID_SQL}))`;

/** Prepares the statements that write an invocation, its steps and their outputs. */
export function prepareWrites(sqlite: Database) {
  const listed = (list: MemberList) => membersOf(list).map(({ column }) => column);
  const columns = listed(INVOCATION_MEMBERS).join(', ');
  const pluginColumns = [...listed(STEP_MEMBERS), 'is_skipped'].join(', ');
  const marks = (list: string) => list.replace(/\w+/g, '?');
  return {
    insertInvocation: sqlite.prepare(
      `INSERT INTO invocations (id, account_id, region, command_id, instance_id, ${columns}, first_seen_at, changed_at, fingerprint) VALUES (${NEXT_ID}, ?, ?, ?, ?, ${marks(columns)}, ?, ?, ?)`,
    ),
    updateInvocation: sqlite.prepare(
      `UPDATE invocations SET (${columns}, changed_at, fingerprint) = (${marks(columns)}, ?, ?) WHERE id = ?`,
    ),
    upsertPlugin: sqlite.prepare(
      `INSERT INTO plugins (invocation_id, position, ${pluginColumns}) VALUES (?, ?, ${marks(pluginColumns)})
       ON CONFLICT (invocation_id, position) DO UPDATE SET (${pluginColumns}, is_output_pruned) = (${pluginColumns.replace(/\w+/g, 'excluded.$&')}, 0)`,
    ),
    deletePluginsFrom: sqlite.prepare('DELETE FROM plugins WHERE invocation_id = ? AND position >= ?'),
    insertOutput: sqlite.prepare(
      'INSERT INTO outputs (sha256, text, size_bytes) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING',
    ),
    findOutput: sqlite.prepare('SELECT id FROM outputs WHERE sha256 = ?').pluck(),
  };
}
