import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import type { OutputFacts } from './output-entry.ts';

/** The columns of OutputFacts, with `full_outputs` as f and `invocations` as i. */
export const OUTPUT_FACTS = `i.account_id AS accountId, i.region, i.command_id AS commandId, i.instance_id AS instanceId, f.position,
  f.name, f.stream, f.provenance, f.location_json AS locationJson, f.fetched_at AS fetchedAt, f.encoding,
  f.size_bytes AS sizeBytes, f.total_bytes AS totalBytes, f.cut_by AS cutBy, f.sha256, f.salt`;

/** Returns what the entry of a fetched output is made of; undefined if there is none with this seq. */
export function readOutputFacts(sqlite: Database, seq: number): OutputFacts | undefined {
  return prepareOnce<[number], OutputFacts>(
    sqlite,
    `SELECT ${OUTPUT_FACTS} FROM full_outputs f JOIN invocations i ON i.id = f.invocation_id WHERE f.seq = ?`,
  ).get(seq);
}
