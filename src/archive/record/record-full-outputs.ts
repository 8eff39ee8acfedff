import { randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { createLedger } from '../../ledger/create-ledger.ts';
import { type OutputFacts, outputEntry } from '../../ledger/entries/output-entry.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { sha256, sha256Of } from '../../lib/sha256.ts';
import type { FetchedOutput, Provenance } from '../../model/outputs/full-output.ts';
import { textOfBytes } from '../../model/outputs/output-encoding.ts';

const SALT_BYTES = 32;

/** The step whose output was fetched, from where, and when. */
export interface FetchedStep {
  invocationId: number;
  position: number;
  /** The step's name when it was asked for. */
  name: string | null;
  provenance: Provenance;
  fetchedAt: string;
}

/**
 * Adds what was fetched of a step, with a leaf of the ledger for each stream, and returns how many streams were new. A
 * stream that was fetched from there before stays as it is. Runs in the caller's transaction.
 */
export function recordFullOutputs(
  sqlite: Database,
  step: FetchedStep,
  fetched: readonly FetchedOutput[],
  random: (size: number) => Buffer = randomBytes,
): number {
  const ledger = createLedger(sqlite);
  const key = prepareOnce<[number], Pick<OutputFacts, 'accountId' | 'region' | 'commandId' | 'instanceId'>>(
    sqlite,
    `SELECT account_id AS accountId, region, command_id AS commandId, instance_id AS instanceId FROM main.invocations
      WHERE id = ?`,
  ).get(step.invocationId);
  if (!key) return 0;
  const isThere = prepareOnce<unknown[], number>(
    sqlite,
    'SELECT 1 FROM main.full_outputs WHERE invocation_id = ? AND position = ? AND stream = ? AND provenance = ?',
  );
  const { invocationId, position, name, provenance, fetchedAt } = step;
  const added = fetched.filter(({ stream }) => !isThere.get(invocationId, position, stream, provenance));
  if (added.length === 0) return 0;
  const seq = ledger.nextSeq();
  const entries = added.map(({ stream, bytes, totalBytes, cutBy, location }, n) => {
    const { encoding, text } = textOfBytes(bytes);
    const facts: OutputFacts = {
      ...{ ...key, position, name, stream, provenance, fetchedAt, encoding, totalBytes, cutBy },
      locationJson: location && canonicalJson(location),
      ...{ sizeBytes: bytes.length, sha256: sha256Of(bytes), salt: random(SALT_BYTES) },
    };
    insert(sqlite, { seq: seq + n, invocationId, outputId: outputIdOf(sqlite, text) }, facts);
    return outputEntry(facts);
  });
  ledger.add('output', entries);
  return added.length;
}

/** The row of `outputs` with this text, which may be there already: most nodes of a fleet print the same. */
function outputIdOf(sqlite: Database, text: string): number | bigint {
  const digest = sha256(text);
  const inserted = prepareOnce<unknown[], never>(
    sqlite,
    'INSERT INTO outputs (sha256, text, size_bytes) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING',
  ).run(digest, text, Buffer.byteLength(text));
  if (inserted.changes === 1) return inserted.lastInsertRowid;
  return Number(prepareOnce<[Buffer], number>(sqlite, 'SELECT id FROM outputs WHERE sha256 = ?').pluck().get(digest));
}

function insert(
  sqlite: Database,
  { seq, invocationId, outputId }: { seq: number; invocationId: number; outputId: number | bigint },
  facts: OutputFacts,
): void {
  const { position, name, stream, provenance, locationJson, fetchedAt } = facts;
  const { encoding, sizeBytes, totalBytes, cutBy, sha256: digest, salt } = facts;
  prepareOnce<unknown[], never>(
    sqlite,
    `INSERT INTO full_outputs (seq, invocation_id, position, name, stream, provenance, location_json, fetched_at,
       output_id, encoding, size_bytes, total_bytes, cut_by, sha256, salt)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    ...[seq, invocationId, position, name, stream, provenance, locationJson, fetchedAt],
    ...[outputId, encoding, sizeBytes, totalBytes, cutBy, digest, salt],
  );
}
