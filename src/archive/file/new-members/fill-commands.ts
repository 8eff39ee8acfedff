import type { Database } from 'better-sqlite3';
import type { MemberList } from '../../../model/members.ts';
import { createMover } from '../../../model/move-members.ts';

interface Kept {
  id: number;
  others: string;
}

const COMMANDS_AT_ONCE = 5000;

/**
 * Moves these members of commands from `other_members_json` to their columns. The ledger's entries of the commands stay
 * as they are: `verify` moves the members of an entry in the same way before it compares the entry with the row.
 */
export function fillCommands(sqlite: Database, list: MemberList): void {
  const columns = Object.values(list).map(({ column }) => column);
  if (columns.length === 0) return;
  const move = createMover(list);
  const next = sqlite.prepare<[number], Kept>(
    `SELECT rowid AS id, other_members_json AS others FROM commands
      WHERE rowid > ? AND other_members_json IS NOT NULL ORDER BY rowid LIMIT ${COMMANDS_AT_ONCE}`,
  );
  const update = sqlite.prepare<unknown[]>(
    `UPDATE commands SET ${columns.map((column) => `${column} = ?`).join(', ')}, other_members_json = ? WHERE rowid = ?`,
  );
  for (let kept = next.all(0); kept.length > 0; kept = next.all(kept.at(-1)?.id ?? 0))
    for (const { id, others } of kept) {
      const moved = move(others);
      if (moved) update.run(...columns.map((column) => moved.values[column]), moved.othersJson, id);
    }
}
