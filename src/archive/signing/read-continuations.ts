import type { Database } from 'better-sqlite3';
import { type Continuation, parseContinuation } from '../../ledger/notes/continuation.ts';

/** The ledger's entries about keys that took over from others, in the order of the ledger. Reads all entries. */
export function readContinuations(sqlite: Database): (Continuation & { seq: number })[] {
  return sqlite
    .prepare<[], { seq: number; entryJson: string }>(
      "SELECT seq, entry_json AS entryJson FROM main.ledger_entries WHERE kind = 'continues' ORDER BY seq",
    )
    .all()
    .flatMap(({ seq, entryJson }) => {
      const continuation = parseContinuation(entryJson);
      return continuation ? [{ seq, ...continuation }] : [];
    });
}
