import type { LakeRow } from '../tables/lake-table.ts';
import type { OpenTable } from './open-table.ts';

/** The rows of one invocation in all tables of its day. */
export interface WholeInvocation {
  row: LakeRow;
  /** By the name of the table. */
  parts: ReadonlyMap<string, readonly LakeRow[]>;
}

/** What each row of a part says of its invocation. */
const REPEATED = ['account_id', 'region', 'command_id', 'instance_id', 'document_name', 'requested_at'];

/**
 * Yields the invocations of a day with their rows in the other tables. All files are in the same order, so that only
 * one invocation is in memory at a time. Throws an error that says which row has no invocation, or is not in its place.
 */
export async function* walkInvocations(
  invocations: OpenTable,
  parts: readonly OpenTable[],
): AsyncGenerator<WholeInvocation> {
  for (;;) {
    // To wait for each row, though it is there already, would take longer than to compare it.
    const nextRow = invocations.peek();
    const row = nextRow instanceof Promise ? await nextRow : nextRow;
    if (!row) break;
    invocations.skip();
    const id = invocations.value(row, 'id');
    const found = new Map<string, LakeRow[]>();
    for (const table of parts) {
      const rows: LakeRow[] = [];
      for (;;) {
        const next = table.peek();
        const part = next instanceof Promise ? await next : next;
        if (!part || table.value(part, 'invocation_id') !== id) break;
        const other = REPEATED.find((name) => table.value(part, name) !== invocations.value(row, name));
        if (other !== undefined)
          throw new Error(`a row of ${table.name} has another ${other} than its invocation ${id}`);
        rows.push(part);
        table.skip();
      }
      found.set(table.name, rows);
    }
    yield { row, parts: found };
  }
  for (const table of parts) {
    const left = await table.peek();
    if (left)
      throw new Error(
        `a row of ${table.name} is not beside its invocation ${table.value(left, 'invocation_id')}, or the invocation is missing`,
      );
  }
}
