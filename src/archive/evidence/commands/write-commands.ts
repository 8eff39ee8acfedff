import type { Database } from 'better-sqlite3';
import { SENDER } from '../../../ledger/entries/redactable-members.ts';
import { tileStore } from '../../../ledger/tiles/tile-store.ts';
import { createProver } from '../../../ledger/tree/create-prover.ts';
import { hashLeaf } from '../../../ledger/tree/hash-leaf.ts';
import { listText } from '../../../lib/list-text.ts';
import { createLineWriter } from '../../../lib/text/line-writer.ts';
import { COMMAND_MEMBERS } from '../../../model/members.ts';
import { getSender, type SenderView } from '../../commands/get-sender.ts';
import { REDACTED } from '../evidence.ts';
import type { StateLine } from '../state-line.ts';
import type { CommandOfEntry } from './command-of-entry.ts';
import { createCommandPacker, entryOf, type PackedFor } from './create-command-packer.ts';

/** One command in the page of a pack. */
export interface ListedCommand extends CommandOfEntry {
  /** Undefined if no event of the command was imported. */
  sender: SenderView | typeof REDACTED | undefined;
}

/** The page has this many commands. The rest are in the CSV. */
export const MOST_COMMANDS = 50;

const COLUMNS = [
  ...['accountId', 'region', 'commandId', ...Object.keys(COMMAND_MEMBERS), 'otherMembers', 'seenIn', 'observedAt'],
];
const CSV = { format: 'csv', csvForm: 'safe' } as const;

type Write = (chunk: string | Uint8Array) => void;

/**
 * All states of the commands in `temp.pack_commands`, in the order of the ledger, one line each. Returns how many there
 * are, and of how many the line has only the hash.
 */
export function writeCommandStates(sqlite: Database, packed: PackedFor, write: Write) {
  const pack = createCommandPacker(sqlite, packed);
  const found = { commandStates: 0, withheldCommandStates: 0 };
  const seqs = sqlite
    .prepare<[], number>(
      `SELECT s.seq FROM temp.pack_commands w CROSS JOIN main.command_states s ON s.command_id = w.command_id
          AND s.account_id = w.account_id AND s.region = w.region ORDER BY s.seq`,
    )
    .pluck();
  for (const seq of seqs.iterate()) {
    const { line, isWithheld } = pack(seq);
    write(`${JSON.stringify(line)}\n`);
    found.commandStates += 1;
    if (isWithheld) found.withheldCommandStates += 1;
  }
  return found;
}

/**
 * The commands in `temp.pack_commands` as their last states show them, the earliest first, as NDJSON and as CSV.
 * Returns how many there are, and the first of them for the page.
 */
export function writeCommandRows(sqlite: Database, packed: PackedFor, write: { rows: Write; csv: Write }) {
  const pack = createCommandPacker(sqlite, packed);
  const text = listText(CSV, COLUMNS);
  const csv = createLineWriter(text, write.csv);
  const listed: ListedCommand[] = [];
  let commands = 0;
  const last = sqlite
    .prepare<[], number>(
      `SELECT (SELECT max(s.seq) FROM main.command_states s WHERE s.command_id = c.command_id AND s.account_id = c.account_id
                AND s.region = c.region) AS seq
         FROM temp.pack_commands w CROSS JOIN main.commands c ON c.account_id = w.account_id AND c.region = w.region
          AND c.command_id = w.command_id
        WHERE seq IS NOT NULL ORDER BY c.requested_at, c.command_id, c.account_id, c.region`,
    )
    .pluck();
  for (const seq of last.iterate()) {
    const { command } = pack(seq);
    write.rows(`${JSON.stringify(command.row)}\n`);
    csv.add(text.lineOf(command.row));
    commands += 1;
    if (listed.length >= MOST_COMMANDS) continue;
    const sender = getSender(sqlite, command.row);
    listed.push({ ...command, sender: sender && packed.redacted.includes(SENDER) ? REDACTED : sender });
  }
  csv.end();
  return { commands, listed };
}

/**
 * The entries of who sent the commands in `temp.pack_commands`, in the order of the ledger. An entry has no commitments,
 * so it is withheld whole if the sender is redacted. Returns how many there are.
 */
export function writeSenders(sqlite: Database, { size, redacted }: PackedFor, write: Write): number {
  const prover = createProver(tileStore(sqlite).read, size);
  let senders = 0;
  const seqs = sqlite
    .prepare<[], number>(
      `SELECT e.seq FROM main.ledger_entries e CROSS JOIN temp.pack_commands w ON w.command_id = e.entry_json ->> '$.row.command_id'
          AND w.account_id = e.entry_json ->> '$.row.account_id' AND w.region = e.entry_json ->> '$.row.region'
        WHERE e.kind = 'row' AND e.entry_json ->> '$.table' = 'command_senders' ORDER BY e.seq`,
    )
    .pluck();
  for (const seq of seqs.iterate()) {
    const leaf = seq - 1;
    const entry = entryOf(sqlite, seq);
    const proof = prover.inclusion(leaf).map((hash) => hash.toString('base64'));
    const line: StateLine = redacted.includes(SENDER)
      ? { leaf, hash: hashLeaf(entry).toString('base64'), proof }
      : { leaf, entry, openings: [], proof };
    write(`${JSON.stringify(line)}\n`);
    senders += 1;
  }
  return senders;
}

/** Whether any of the commands in `temp.pack_commands` has a sender. */
export function haveSenders(sqlite: Database): boolean {
  const sql = `SELECT 1 FROM temp.pack_commands w JOIN main.command_senders s ON s.account_id = w.account_id AND s.region = w.region
    AND s.command_id = w.command_id LIMIT 1`;
  return sqlite.prepare(sql).get() !== undefined;
}
