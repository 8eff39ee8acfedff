import type { Database } from 'better-sqlite3';
import { sha256Of } from '../../lib/sha256.ts';
import { addFault, type Fault } from './fault.ts';

const DIGEST_BYTES = 32;

/**
 * Compares every output's text with its digest and size, and the outputs with the ones that states name or that were
 * fetched: none may be missing, and none may be extra. It reads the text's bytes, since bytes that are not UTF-8 would read as U+FFFD.
 */
export function checkOutputs(sqlite: Database, namedByStates: readonly Buffer[]): Fault[] {
  const faults: Fault[] = [];
  const named = new Set<string>();
  for (const digests of namedByStates)
    for (let at = 0; at < digests.length; at += DIGEST_BYTES)
      named.add(digests.toString('latin1', at, at + DIGEST_BYTES));
  const fetched = new Set(
    sqlite.prepare<[], number>('SELECT output_id FROM main.full_outputs WHERE output_id IS NOT NULL').pluck().all(),
  );
  const rows = sqlite
    .prepare<[], { id: number; sha256: Buffer; text: Buffer; sizeBytes: number }>(
      'SELECT id, sha256, CAST(text AS BLOB) AS text, size_bytes AS sizeBytes FROM main.outputs',
    )
    .iterate();
  for (const { id, sha256: digest, text, sizeBytes } of rows) {
    if (!sha256Of(text).equals(digest))
      addFault(faults, `output ${id} does not have its SHA-256, ${digest.toString('hex')}`);
    if (text.length !== sizeBytes)
      addFault(faults, `output ${id} does not have the ${sizeBytes} bytes that its size_bytes says`);
    if (!named.delete(digest.toString('latin1')) && !fetched.has(id))
      addFault(faults, `output ${id} belongs to no observed state and was not fetched`);
  }
  for (const digest of named)
    addFault(faults, `the output with SHA-256 ${Buffer.from(digest, 'latin1').toString('hex')} is missing`);
  return faults;
}
