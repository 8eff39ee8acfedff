import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { createLedger } from '../../ledger/create-ledger.ts';
import { commandEntry, type SeenIn } from '../../ledger/entries/command-entry.ts';
import type { NormalizedCommand } from '../../model/observed-command.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { CURRENT_DICTIONARY_ID, decodeStates, encodeStates } from '../../model/state-codec.ts';
import { ensureDictionary } from './ensure-dictionary.ts';

const SALT_BYTES = 32;

/** The members of a command that are columns of its states too. */
type ColumnsOfState = Partial<
  Pick<
    NormalizedCommand,
    'status' | 'statusDetails' | 'targetCount' | 'completedCount' | 'errorCount' | 'deliveryTimedOutCount'
  >
>;

/** A state in which a command was seen. */
export interface NewCommandState {
  source: SourceKey;
  commandId: string;
  observedAt: string;
  seenIn: SeenIn;
  /** RFC 8785 JSON of the command, with AWS's names. */
  stateJson: string;
  columns: ColumnsOfState;
  /** The fingerprint of the reply's form; null if ListCommandInvocations showed the state. */
  fingerprint: Buffer | null;
}

export interface CommandStateRecorder {
  /** Adds states and their leaves to the ledger. Runs in the transaction that writes the commands. */
  record(states: readonly NewCommandState[]): void;
  /** The JSON of a command's last state; undefined if there is none, or if it is from before states had a JSON. */
  lastStateOf(source: SourceKey, commandId: string): string | undefined;
}

/** Prepares the statements once and returns the functions. */
export function createCommandStateRecorder(
  sqlite: Database,
  random: (size: number) => Buffer = randomBytes,
): CommandStateRecorder {
  const dictionary = ensureDictionary(sqlite);
  const ledger = createLedger(sqlite);
  const insert = sqlite.prepare(
    `INSERT INTO command_states (seq, account_id, region, command_id, observed_at, seen_in, status, status_details,
       target_count, completed_count, error_count, delivery_timed_out_count, dictionary_id, state, salt, fingerprint)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const last = sqlite.prepare<unknown[], { state: Buffer | null; bytes: Buffer | null }>(
    `SELECT s.state, d.bytes FROM command_states s LEFT JOIN state_dictionaries d ON d.id = s.dictionary_id
      WHERE s.command_id = ? AND s.account_id = ? AND s.region = ? ORDER BY s.seq DESC LIMIT 1`,
  );

  return {
    record(states) {
      if (states.length === 0) return;
      const seq = ledger.nextSeq();
      const entries = states.map(({ source, commandId, observedAt, seenIn, stateJson, columns, fingerprint }, n) => {
        const salt = random(SALT_BYTES);
        const { status = null, statusDetails = null, targetCount = null } = columns;
        const { completedCount = null, errorCount = null, deliveryTimedOutCount = null } = columns;
        insert.run(
          ...[seq + n, source.accountId, source.region, commandId, observedAt, seenIn, status, statusDetails],
          ...[targetCount, completedCount, errorCount, deliveryTimedOutCount],
          ...[CURRENT_DICTIONARY_ID, encodeStates([stateJson], dictionary), salt, fingerprint],
        );
        return commandEntry({ ...source, commandId, observedAt, seenIn, fingerprint, salt }, stateJson);
      });
      ledger.add('command', entries);
    },
    lastStateOf({ accountId, region }, commandId) {
      const row = last.get(commandId, accountId, region);
      return row?.state && row.bytes ? decodeStates(row.state, row.bytes)[0] : undefined;
    },
  };
}
