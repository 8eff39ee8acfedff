import type { Database } from 'better-sqlite3';
import { selectMembers } from '../../db/select-members.ts';
import { commandEntry } from '../../ledger/entries/command-entry.ts';
import type { StoredCommandState } from '../../ledger/entries/read-command-state.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { COMMAND_MEMBERS, membersOf } from '../../model/members.ts';
import { normalizeCommand } from '../../model/normalize-command.ts';
import { asMembers, asText } from '../../model/read-member.ts';
import { decodeStates } from '../../model/state-codec.ts';
import { columnsOfRowEntry } from '../commands/columns-of-row-entry.ts';
import { addFault, type Fault, faultOf } from './fault.ts';
import { inexactColumns, isAmbiguous } from './inexact-columns.ts';

interface StateRow extends StoredCommandState {
  seq: number;
  /** The kind and text of the ledger's entry with the same seq; null if there is none. */
  kind: string | null;
  entry: Buffer | null;
  isFirst: 0 | 1;
  isLast: 0 | 1;
}

type Row = Readonly<Record<string, unknown>>;

const MEMBERS = membersOf(COMMAND_MEMBERS);
/** The members that are columns of a state too. */
const OF_STATE = MEMBERS.filter(({ name }) =>
  ['status', 'statusDetails', 'targetCount', 'completedCount', 'errorCount', 'deliveryTimedOutCount'].includes(name),
);
const OF_STATE_COLUMNS = OF_STATE.map(({ name, column }) => `s.${column} AS ${name}`).join(', ');

/**
 * Compares the states of commands with their entries in the ledger, and the rows of commands with their first and last
 * states. Bytes that are not UTF-8 are faults, since they would read as other bytes.
 */
export function checkCommands(sqlite: Database): Fault[] {
  const faults: Fault[] = [];
  const rowOf = sqlite.prepare<unknown[], Row>(
    `SELECT ${selectMembers(COMMAND_MEMBERS, 'c')}, c.other_members_json AS otherMembersJson, c.first_seen_at AS firstSeenAt,
            c.changed_at AS changedAt, c.fingerprint
       FROM main.commands c WHERE c.account_id = ? AND c.region = ? AND c.command_id = ?`,
  );
  for (const state of statesOf(sqlite)) {
    const fault = (what: string) => addFault(faults, `${nameOf(state)}: ${what}`, state.seq - 1);
    try {
      const shown = checkState(state, fault);
      if (!shown) continue;
      if (mayBeInexact(state, shown))
        for (const column of inexactColumns(sqlite, 'command_states', { seq: state.seq }))
          fault(`command_states.${column} has bytes that are not UTF-8`);
      if (state.isFirst === 0 && state.isLast === 0) continue;
      const row = rowOf.get(state.accountId, state.region, state.commandId);
      if (row) checkRow(sqlite, { state, shown, row }, fault);
      else fault('commands has no row of its command');
    } catch (error) {
      fault(faultOf(error).what);
    }
  }
  const stateless = sqlite
    .prepare<[], string>(
      `SELECT json_array(account_id, region, command_id) FROM main.commands c WHERE NOT EXISTS (SELECT 1 FROM main.command_states s
        WHERE s.command_id = c.command_id AND s.account_id = c.account_id AND s.region = c.region) LIMIT 10`,
    )
    .pluck()
    .all();
  for (const key of stateless) addFault(faults, `commands has a row ${key} that the ledger does not know`);
  const rowless = sqlite
    .prepare<[], number>(
      `SELECT seq FROM main.ledger_entries WHERE (kind = 'command' OR kind = 'row' AND substr(entry_json, -19) = '"table":"commands"}')
        AND seq NOT IN (SELECT seq FROM main.command_states) LIMIT 10`,
    )
    .pluck()
    .all();
  for (const seq of rowless) addFault(faults, `command_states lacks the state of entry ${seq} of the ledger`, seq - 1);
  return faults;
}

/** What a state shows of its command, in the columns of `commands`. */
interface Shown {
  columns: Row;
  firstSeenAt: string | undefined;
  changedAt: string | null;
  /** In hex. */
  fingerprint: string | null;
}

function checkState(state: StateRow & Row, fault: (what: string) => void): Shown | undefined {
  const { accountId, region, commandId, observedAt, seenIn, fingerprint, salt, dictionary } = state;
  if (state.kind === null || !state.entry) {
    fault('the ledger has no entry of it');
    return undefined;
  }
  const entry = state.entry.toString();
  if (state.kind === 'row') return checkOldState(state, entry, fault);
  if (state.kind !== 'command') {
    fault(`its entry in the ledger is of another kind, ${state.kind}`);
    return undefined;
  }
  if (!state.state || !salt || !dictionary) {
    fault('it has no state, salt or dictionary');
    return undefined;
  }
  const [stateJson = ''] = decodeStates(state.state, dictionary);
  if (commandEntry({ accountId, region, commandId, observedAt, seenIn, fingerprint, salt }, stateJson) !== entry) {
    fault('it differs from its entry in the ledger');
    return undefined;
  }
  const members = asMembers(JSON.parse(stateJson)) ?? {};
  if (asText(members.CommandId) !== commandId) fault('its state is of another commandId');
  const columns = normalizeCommand(members);
  checkColumns(state, seenIn === 'ListCommands' ? { ...columns } : {}, fault);
  return {
    columns: { ...columns },
    firstSeenAt: observedAt,
    changedAt: seenIn === 'ListCommands' ? observedAt : null,
    fingerprint: hexOf(fingerprint),
  };
}

/** Checks a state from before states had a JSON of their own: its entry has the row of the command. */
function checkOldState(state: StateRow & Row, entry: string, fault: (what: string) => void): Shown | undefined {
  const parsed = asMembers(JSON.parse(entry));
  const row = asMembers(parsed?.row);
  if (parsed?.table !== 'commands' || !row) {
    fault('its entry in the ledger is not about a command');
    return undefined;
  }
  const key = { accountId: 'account_id', region: 'region', commandId: 'command_id' } as const;
  for (const name of ['accountId', 'region', 'commandId'] as const)
    if (state[name] !== row[key[name]]) fault(`it differs from its entry in the ledger: ${key[name]}`);
  const columns = { ...columnsOfRowEntry(row) };
  checkColumns(state, columns, fault);
  if (state.seenIn !== (row.fingerprint == null ? 'ListCommandInvocations' : 'ListCommands'))
    fault('it differs from its entry in the ledger: seen_in');
  if (row.changed_at !== null && row.changed_at !== state.observedAt)
    fault('it differs from its entry in the ledger: observed_at');
  return {
    columns,
    firstSeenAt: typeof row.first_seen_at === 'string' ? row.first_seen_at : undefined,
    changedAt: asText(row.changed_at),
    fingerprint: asText(row.fingerprint),
  };
}

function checkColumns(state: Row, columns: Row, fault: (what: string) => void): void {
  for (const { name, column } of OF_STATE)
    if ((columns[name] ?? null) !== state[name]) fault(`${column} of its row differs from its state`);
}

interface ToCompare {
  state: StateRow;
  shown: Shown;
  row: Row;
}

function checkRow(sqlite: Database, { state, shown, row }: ToCompare, fault: (what: string) => void): void {
  if (state.isFirst === 1 && row.firstSeenAt !== shown.firstSeenAt) fault('commands.first_seen_at is another time');
  if (state.isLast === 0) return;
  for (const { name, column } of [...MEMBERS, { name: 'otherMembersJson', column: 'other_members_json' }])
    if (row[name] !== (shown.columns[name] ?? null)) fault(`commands.${column} differs from its last state`);
  if (row.changedAt !== shown.changedAt) fault('commands.changed_at is another time');
  if (hexOf(row.fingerprint) !== shown.fingerprint) fault('commands.fingerprint differs from its last state');
  if (!mayBeInexact(state, shown)) return;
  const { accountId, region, commandId } = state;
  for (const column of inexactColumns(sqlite, 'commands', { account_id: accountId, region, command_id: commandId }))
    fault(`commands.${column} has bytes that are not UTF-8`);
}

/** Whether other bytes could read as the texts of a state. Half a surrogate pair is U+FFFD in a column. */
function mayBeInexact({ accountId, region, commandId, observedAt }: StateRow, { columns }: Shown): boolean {
  const text = canonicalJson([accountId, region, commandId, observedAt, columns]);
  return isAmbiguous(text) || text.includes('\\ud');
}

function hexOf(value: unknown): string | null {
  return Buffer.isBuffer(value) ? value.toString('hex') : null;
}

function nameOf({ seq, accountId, region, commandId, observedAt }: StateRow): string {
  return `state ${seq} of command ${commandId} in ${accountId}, ${region}, observed at ${observedAt}`;
}

function statesOf(sqlite: Database): IterableIterator<StateRow & Row> {
  const others = (which: '<' | '>') =>
    `NOT EXISTS (SELECT 1 FROM main.command_states o WHERE o.command_id = s.command_id AND o.account_id = s.account_id
       AND o.region = s.region AND o.seq ${which} s.seq)`;
  return sqlite
    .prepare<[], StateRow & Row>(
      `SELECT s.seq, s.account_id AS accountId, s.region, s.command_id AS commandId, s.observed_at AS observedAt,
              s.seen_in AS seenIn, ${OF_STATE_COLUMNS}, s.state, s.salt, s.fingerprint, d.bytes AS dictionary, e.kind,
              CAST(e.entry_json AS BLOB) AS entry, ${others('<')} AS isFirst, ${others('>')} AS isLast
         FROM main.command_states s LEFT JOIN main.ledger_entries e ON e.seq = s.seq
         LEFT JOIN main.state_dictionaries d ON d.id = s.dictionary_id ORDER BY s.seq`,
    )
    .iterate();
}
