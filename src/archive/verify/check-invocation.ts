import type { Database } from 'better-sqlite3';
import { selectMembers } from '../../db/select-members.ts';
import { IS_SKIP_MESSAGE } from '../../db/sql/skipped-sql.ts';
import { INVOCATION_MEMBERS, STEP_MEMBERS } from '../../model/members.ts';
import { type CheckedRevision, compareInvocation, type PresentRow } from './compare-invocation.ts';
import { inexactColumns } from './inexact-columns.ts';

interface InvocationRevision extends CheckedRevision {
  invocationId: number;
}

const COLUMNS = selectMembers(INVOCATION_MEMBERS, 'i');
const DIGEST = 'iif(p.output_id IS NULL, NULL, lower(hex(o.sha256)))';
const PLUGIN_COLUMNS = `p.position, ${selectMembers(STEP_MEMBERS, 'p', DIGEST)}, p.is_output_pruned AS isOutputPruned,
  p.is_skipped AS isSkipped, (${IS_SKIP_MESSAGE}) AS isSkipMessage`;

/** Returns a function that compares revisions with the rows of their invocations in this file, as compareInvocation says. */
export function createInvocationChecker(
  sqlite: Database,
): (row: InvocationRevision, state: string, found: { outputs: Set<string>; fault(what: string): void }) => void {
  const invocationOf = sqlite.prepare<[number], PresentRow>(
    `SELECT ${COLUMNS}, i.first_seen_at AS firstSeenAt, i.changed_at AS changedAt, i.fingerprint FROM main.invocations i WHERE i.id = ?`,
  );
  const pluginsOf = sqlite.prepare<[number], PresentRow>(
    `SELECT ${PLUGIN_COLUMNS} FROM main.plugins p LEFT JOIN main.outputs o ON o.id = p.output_id WHERE p.invocation_id = ? ORDER BY p.position`,
  );
  return (row, state, found) => {
    const id = row.invocationId;
    const rows = {
      invocation: () => invocationOf.get(id),
      steps: () => pluginsOf.all(id),
      tellInexact(table: 'invocations' | 'plugins', position?: unknown) {
        const key = table === 'invocations' ? { id } : { invocation_id: id, position };
        for (const column of inexactColumns(sqlite, table, key))
          found.fault(`${table}.${column} has bytes that are not UTF-8`);
      },
    };
    compareInvocation(row, state, rows, found);
  };
}
