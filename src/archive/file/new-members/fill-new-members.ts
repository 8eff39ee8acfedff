import type { Database } from 'better-sqlite3';
import { SECOND_MS } from '../../../lib/time.ts';
import { fillCommands } from './fill-commands.ts';
import { fillFromStates } from './fill-from-states.ts';
import type { NewMembers } from './find-new-members.ts';

const PAUSE_MS = 10 * SECOND_MS;

/**
 * Fills the columns of members that AWS sent before the tables had a column for them. Runs in the transaction of the
 * migrations: a file that has these columns, but not yet their values, would answer questions wrongly.
 */
export function fillNewMembers(sqlite: Database, members: NewMembers, say: (sentence: string) => void): void {
  const last = sqlite.prepare<[], number | null>('SELECT max(seq) FROM revisions').pluck().get() ?? 0;
  let saidAt = performance.now();
  fillFromStates(sqlite, members, (seq) => {
    if (performance.now() - saidAt < PAUSE_MS) return;
    saidAt = performance.now();
    say(`Filling new columns from the states that were recorded: ${seq} of ${last}.`);
  });
  fillCommands(sqlite, members.commands);
}
