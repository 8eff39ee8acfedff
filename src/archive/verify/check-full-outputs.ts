import type { Database } from 'better-sqlite3';
import { type OutputFacts, outputEntry } from '../../ledger/entries/output-entry.ts';
import { OUTPUT_FACTS } from '../../ledger/entries/read-output-facts.ts';
import { sha256Of } from '../../lib/sha256.ts';
import { bytesOfText } from '../../model/outputs/output-encoding.ts';
import { addFault, type Fault, faultOf } from './fault.ts';
import { inexactColumns, isAmbiguous } from './inexact-columns.ts';

interface Row extends OutputFacts {
  seq: number;
  outputId: number | null;
  /** Null if the row of `outputs` is missing. */
  text: string | null;
  /** The kind and text of the ledger's entry with the same seq; null if there is none. */
  kind: string | null;
  entry: Buffer | null;
  isPruned: 0 | 1;
}

/**
 * Compares the fetched outputs with their entries in the ledger, and their texts with the digests that the entries
 * commit to. Each entry must have its row.
 */
export function checkFullOutputs(sqlite: Database): Fault[] {
  const faults: Fault[] = [];
  for (const row of rowsOf(sqlite)) {
    const fault = (what: string) => addFault(faults, `${nameOf(row)}: ${what}`, row.seq - 1);
    try {
      checkRow(sqlite, row, fault);
    } catch (error) {
      fault(faultOf(error).what);
    }
  }
  for (const { seq, invocationId } of strays(sqlite))
    addFault(faults, `full output ${seq} belongs to invocation ${invocationId}, which is missing`, seq - 1);
  const rowless = sqlite
    .prepare<[], number>(
      "SELECT seq FROM main.ledger_entries WHERE kind = 'output' AND seq NOT IN (SELECT seq FROM main.full_outputs) LIMIT 10",
    )
    .pluck()
    .all();
  for (const seq of rowless) addFault(faults, `full_outputs lacks the output of entry ${seq} of the ledger`, seq - 1);
  return faults;
}

function checkRow(sqlite: Database, row: Row, fault: (what: string) => void): void {
  const { seq, outputId, text, kind, entry, isPruned, ...facts } = row;
  if (kind !== 'output' || !entry) fault('the ledger has no entry of it');
  else if (!entry.equals(Buffer.from(outputEntry(facts)))) fault('it differs from its entry in the ledger');
  if (isAmbiguous(JSON.stringify(facts)))
    for (const column of inexactColumns(sqlite, 'full_outputs', { seq }))
      fault(`full_outputs.${column} has bytes that are not UTF-8`);
  if (outputId === null) {
    if (isPruned === 0) fault('its text is missing, and no tombstone says that it was pruned');
    return;
  }
  if (isPruned === 1) fault('its text is there, which a tombstone says was pruned');
  const bytes = text === null ? undefined : bytesOfText(text, facts.encoding);
  if (!bytes) fault(text === null ? 'its text is missing' : `it has no encoding ${facts.encoding}`);
  else if (bytes.length !== facts.sizeBytes || !sha256Of(bytes).equals(facts.sha256))
    fault('its text is not the one that was fetched');
}

function nameOf({ seq, accountId, region, commandId, instanceId, position, stream, provenance }: Row): string {
  return `full output ${seq} (${stream}, ${provenance}) of step ${position} of ${accountId}, ${region}, command ${commandId} on ${instanceId}`;
}

function rowsOf(sqlite: Database): IterableIterator<Row> {
  return sqlite
    .prepare<[], Row>(
      `SELECT f.seq, f.output_id AS outputId, o.text, e.kind, CAST(e.entry_json AS BLOB) AS entry, ${OUTPUT_FACTS},
              EXISTS (SELECT 1 FROM main.pruned_leaves l WHERE l.what = 'outputs' AND f.seq BETWEEN l.from_seq AND l.to_seq) AS isPruned
         FROM main.full_outputs f JOIN main.invocations i ON i.id = f.invocation_id
         LEFT JOIN main.outputs o ON o.id = f.output_id LEFT JOIN main.ledger_entries e ON e.seq = f.seq ORDER BY f.seq`,
    )
    .iterate();
}

function strays(sqlite: Database): { seq: number; invocationId: number }[] {
  return sqlite
    .prepare<[], { seq: number; invocationId: number }>(
      `SELECT seq, invocation_id AS invocationId FROM main.full_outputs
        WHERE invocation_id NOT IN (SELECT id FROM main.invocations) LIMIT 10`,
    )
    .all();
}
