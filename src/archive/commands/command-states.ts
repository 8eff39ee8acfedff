import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { cutPage } from '../../db/read-keyset.ts';
import type { SeenIn } from '../../ledger/entries/command-entry.ts';
import { normalizeCommand } from '../../model/normalize-command.ts';
import { asMembers } from '../../model/read-member.ts';
import { decodeStates } from '../../model/state-codec.ts';
import { changesOf, type FieldChange } from '../invocations/compare-invocations.ts';
import { columnsOfRowEntry } from './columns-of-row-entry.ts';
import { type CommandKey, type ShownCommand, shownCommand } from './shown-command.ts';

/** A state in which a command was seen. */
export interface CommandState {
  seq: number;
  /** The number of its leaf in the ledger. */
  leaf: number;
  /** ISO time. */
  observedAt: string;
  /** The operation whose reply showed it. ListCommandInvocations shows only a few of a command's members. */
  seenIn: SeenIn;
  state: ShownCommand;
}

/** A state, and what had changed since the previous one; null for the first. */
export interface CommandRevision extends CommandState {
  changes: FieldChange[] | null;
}

export interface CommandRevisionPage {
  items: CommandRevision[];
  /** The last seq of the page, if there are more. */
  next: number | undefined;
}

interface Row {
  seq: number;
  observedAt: string;
  seenIn: SeenIn;
  state: Buffer | null;
  dictionary: Buffer | null;
  /** The entry of a state from before states had a JSON of their own. */
  entry: string | null;
}

const COLUMNS = `s.seq, s.observed_at AS observedAt, s.seen_in AS seenIn, s.state, d.bytes AS dictionary,
  CASE WHEN s.state IS NULL THEN (SELECT e.entry_json FROM main.ledger_entries e WHERE e.seq = s.seq) END AS entry`;
const FROM_STATES_OF_COMMAND = `main.command_states s LEFT JOIN main.state_dictionaries d ON d.id = s.dictionary_id
  WHERE s.command_id = :commandId AND s.account_id = :accountId AND s.region = :region`;

/** The last state that the archive had seen of a command at `asOf` (ISO time); undefined if it had seen none. */
export function commandStateAt(sqlite: Database, key: CommandKey, asOf: string): CommandState | undefined {
  const row = prepareOnce<[object], Row>(
    sqlite,
    `SELECT ${COLUMNS} FROM ${FROM_STATES_OF_COMMAND} AND s.observed_at <= :asOf ORDER BY s.seq DESC LIMIT 1`,
  ).get({ ...key, asOf });
  return row && stateOf(row);
}

/**
 * The states of a command in the order in which they were seen, beginning after the seq `after`; no items if the archive
 * does not have the command.
 */
export function listCommandRevisions(
  sqlite: Database,
  { key, limit, after = 0 }: { key: CommandKey; limit: number; after?: number | undefined },
): CommandRevisionPage {
  const rows = prepareOnce<[object], Row>(
    sqlite,
    `SELECT ${COLUMNS} FROM ${FROM_STATES_OF_COMMAND}
        AND s.seq >= coalesce((SELECT max(s.seq) FROM ${FROM_STATES_OF_COMMAND} AND s.seq <= :after), 0)
      ORDER BY s.seq LIMIT :limit`,
  ).all({ ...key, after, limit: limit + 2 });
  const states = rows.map(stateOf);
  const items = states.flatMap((state, n): CommandRevision[] => {
    if (state.seq <= after) return [];
    const before = states[n - 1];
    return [{ ...state, changes: before ? changesOf(before.state, state.state) : null }];
  });
  const { rows: page, next } = cutPage(items, limit, ({ seq }) => seq);
  return { items: page, next };
}

function stateOf({ seq, observedAt, seenIn, state, dictionary, entry }: Row): CommandState {
  const [json = ''] = state && dictionary ? decodeStates(state, dictionary) : [];
  const stored =
    json === ''
      ? columnsOfRowEntry(asMembers(asMembers(JSON.parse(entry ?? '{}'))?.row) ?? {})
      : normalizeCommand(asMembers(JSON.parse(json)) ?? {});
  return { seq, leaf: seq - 1, observedAt, seenIn, state: shownCommand(stored) };
}
