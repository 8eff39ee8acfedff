import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { createBatchReader } from '../../ledger/entries/create-batch-reader.ts';
import { normalizeInvocation } from '../../model/normalize-invocation.ts';
import { asMembers } from '../../model/read-member.ts';
import { hasFewRows } from './rows-at-most.ts';

type Invocation = ReturnType<typeof normalizeInvocation>;

/** Unpacking this many states takes some tenths of a second. */
const MOST_STATES = 50_000;

/**
 * Whether `has` returns true for an earlier state of any invocation. Only for members that may change between states;
 * the members that identify an invocation never change. Undefined if there are too many states to read: they are
 * packed, and no index has their content.
 */
export function isInOlderStates(
  sqlite: Database,
  value: string,
  has: (invocation: Invocation) => boolean | undefined,
): boolean | undefined {
  if (!hasFewRows(sqlite, 'invocations')) return undefined;
  const rows = prepareOnce<[], { batchId: number; line: number }>(
    sqlite,
    `SELECT r.page_id AS batchId, r.line FROM main.revisions r
      WHERE EXISTS (SELECT 1 FROM main.revisions n WHERE n.invocation_id = r.invocation_id AND n.seq > r.seq)
      ORDER BY r.seq LIMIT ${MOST_STATES + 1}`,
  ).all();
  if (rows.length > MOST_STATES) return undefined;
  const readBatch = createBatchReader(sqlite);
  // A state's text contains each value as JSON.stringify writes it. So most states are ruled out by their text and need
  // not be parsed.
  const part = value.includes('\ufffd') ? '' : JSON.stringify(value).slice(1, -1);
  return rows.some(({ batchId, line }) => {
    const state = readBatch(batchId).states[line] ?? '';
    if (!state.includes(part)) return false;
    const members = state === '' ? undefined : asMembers(JSON.parse(state));
    return members !== undefined && has(normalizeInvocation(members, () => null)) === true;
  });
}
