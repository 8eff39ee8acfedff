import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { createLedger } from '../../ledger/create-ledger.ts';
import { batchDigest, revisionEntry } from '../../ledger/entries/entries.ts';
import { makeSeed } from '../../ledger/entries/line-secrets.ts';
import type { NormalizedInvocation, ObservedInvocation, SourceKey } from '../../model/observed-invocation.ts';
import { CURRENT_DICTIONARY_ID, decodeStates, encodeStates } from '../../model/state-codec.ts';
import { ensureDictionary } from './ensure-dictionary.ts';

/** A state in which an invocation was seen, and the id of the invocation's row. */
export interface NewRevision {
  id: number | bigint;
  source: SourceKey;
  observedAt: string;
  observed: ObservedInvocation;
  now: NormalizedInvocation;
}

export interface RevisionRecorder {
  /**
   * Adds states and their leaves to the ledger. The states are stored together, as one state batch. Runs in the
   * transaction that writes the invocations.
   */
  record(states: readonly NewRevision[]): void;
  /** The canonical JSON of an invocation's last state. */
  lastStateOf(id: number): string | undefined;
}

/** Prepares the statements once and returns the functions. */
export function createRevisionRecorder(
  sqlite: Database,
  random: (size: number) => Buffer = randomBytes,
): RevisionRecorder {
  const dictionary = ensureDictionary(sqlite);
  const ledger = createLedger(sqlite);
  const insertBatch = sqlite.prepare('INSERT INTO revision_pages (dictionary_id, states, salt) VALUES (?, ?, ?)');
  const insert = sqlite.prepare(
    'INSERT INTO revisions (seq, invocation_id, observed_at, status, status_details, plugin_count, page_id, line, fingerprint) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const last = sqlite.prepare<unknown[], { states: Buffer; bytes: Buffer; line: number }>(
    `SELECT p.states, d.bytes, r.line FROM revisions r JOIN revision_pages p ON p.id = r.page_id
       JOIN state_dictionaries d ON d.id = p.dictionary_id WHERE r.invocation_id = ? ORDER BY r.seq DESC LIMIT 1`,
  );

  return {
    record(written) {
      if (written.length === 0) return;
      const states = encodeStates(
        written.map(({ now }) => now.stateJson),
        dictionary,
      );
      const salt = makeSeed(random);
      const batchId = insertBatch.run(CURRENT_DICTIONARY_ID, states, salt).lastInsertRowid;
      const batch = { digest: batchDigest(states, salt), salt };
      const seq = ledger.nextSeq();
      const entries = written.map(({ id, source, observedAt, observed: { fingerprint }, now }, line) => {
        const { status, statusDetails, plugins, stateJson, stateParts } = now;
        insert.run(seq + line, id, observedAt, status, statusDetails, plugins.length, batchId, line, fingerprint);
        return revisionEntry({ ...source, observedAt, fingerprint, line }, batch, stateParts ?? stateJson);
      });
      ledger.addRevisions(entries);
    },
    lastStateOf(id) {
      const row = last.get(id);
      return row && decodeStates(row.states, row.bytes)[row.line];
    },
  };
}
