import type { Database } from 'better-sqlite3';
import { createBatchReader } from '../../../ledger/entries/create-batch-reader.ts';
import { createRowReader, partsOfName } from '../../../model/member-row.ts';
import type { MemberList } from '../../../model/members.ts';
import { asMembers, type Members } from '../../../model/read-member.ts';

interface LastState {
  seq: number;
  invocationId: number;
  batchId: number;
  line: number;
}

const STATES_AT_ONCE = 10_000;

/**
 * Fills the columns of these members from the last state of each invocation: states have every member that AWS sent.
 * Calls `onState` with the `seq` of each state that was read. A state batch that is damaged is left out; `verify` names
 * it.
 */
export function fillFromStates(
  sqlite: Database,
  { invocations, plugins }: { invocations: MemberList; plugins: MemberList },
  onState: (seq: number) => void = () => {},
): void {
  const names = [...Object.values(invocations), ...Object.values(plugins)].map(({ aws }) => partsOfName(aws).own);
  if (names.length === 0) return;
  const fillInvocation = createFiller(sqlite, 'invocations', invocations, ['id']);
  const fillStep = createFiller(sqlite, 'plugins', plugins, ['invocation_id', 'position']);
  const stateOf = createStateReader(sqlite);
  const next = sqlite.prepare<[number], LastState>(
    `SELECT r.seq, r.invocation_id AS invocationId, r.page_id AS batchId, r.line FROM revisions r
      WHERE r.seq > ? AND NOT EXISTS (SELECT 1 FROM revisions n WHERE n.invocation_id = r.invocation_id AND n.seq > r.seq)
      ORDER BY r.seq LIMIT ${STATES_AT_ONCE}`,
  );
  for (let rows = next.all(0); rows.length > 0; rows = next.all(rows.at(-1)?.seq ?? 0)) {
    for (const row of rows) {
      const state = stateOf(row);
      // Most states have none of the members, so most need not be parsed.
      if (names.some((name) => state.includes(`"${name}"`))) {
        const members = asMembers(JSON.parse(state)) ?? {};
        fillInvocation(members, row.invocationId);
        const steps: unknown[] = Array.isArray(members.CommandPlugins) ? members.CommandPlugins : [];
        steps.forEach((step, position) => {
          fillStep(asMembers(step) ?? {}, row.invocationId, position);
        });
      }
      onState(row.seq);
    }
  }
}

/** Returns a function that fills the columns of the row with this key from an element of a reply. */
function createFiller(
  sqlite: Database,
  table: string,
  list: MemberList,
  key: readonly string[],
): (members: Members, ...key: readonly number[]) => void {
  // An output is in a table of its own.
  const stored = Object.entries(list).filter(([, { kind }]) => kind !== 'output');
  if (stored.length === 0) return () => {};
  const read = createRowReader(list);
  const update = sqlite.prepare<unknown[]>(
    `UPDATE ${table} SET ${stored.map(([, { column }]) => `${column} = ?`).join(', ')}
      WHERE ${key.map((column) => `${column} = ?`).join(' AND ')}`,
  );
  return (members, ...keys) => {
    const row: Readonly<Record<string, unknown>> = read(members);
    const values = stored.map(([name]) => row[name]);
    if (values.some((value) => value !== null)) update.run(...values, ...keys);
  };
}

function createStateReader(sqlite: Database): (state: LastState) => string {
  const readBatch = createBatchReader(sqlite);
  return ({ batchId, line }) => {
    try {
      return readBatch(batchId).states[line] ?? '';
    } catch {
      return '';
    }
  };
}
