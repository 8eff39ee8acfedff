import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { decodeStates } from '../../model/state-codec.ts';
import type { CommandStateFacts, SeenIn } from './command-entry.ts';

/** A row of `command_states` with the dictionary of its state. */
export interface StoredCommandState {
  accountId: string;
  region: string;
  commandId: string;
  observedAt: string;
  seenIn: SeenIn;
  state: Buffer | null;
  salt: Buffer | null;
  fingerprint: Buffer | null;
  dictionary: Buffer | null;
}

/**
 * Returns a state of a command with everything that its entry is made of. Undefined if there is no state with this seq,
 * or if it is from before states had a JSON of their own. Throws zlib's error for a state that cannot be unpacked.
 */
export function readCommandState(
  sqlite: Database,
  seq: number,
): (CommandStateFacts & { stateJson: string }) | undefined {
  const row = prepareOnce<[number], StoredCommandState>(
    sqlite,
    `SELECT s.account_id AS accountId, s.region, s.command_id AS commandId, s.observed_at AS observedAt, s.seen_in AS seenIn,
            s.state, s.salt, s.fingerprint, d.bytes AS dictionary
       FROM main.command_states s LEFT JOIN main.state_dictionaries d ON d.id = s.dictionary_id WHERE s.seq = ?`,
  ).get(seq);
  if (!row) return undefined;
  const { state, salt, dictionary, ...facts } = row;
  if (!state || !salt || !dictionary) return undefined;
  return { ...facts, salt, stateJson: decodeStates(state, dictionary)[0] ?? '' };
}
