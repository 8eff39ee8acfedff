import type { Database } from 'better-sqlite3';
import { sha256 } from '../../lib/sha256.ts';
import { CURRENT_DICTIONARY_ID, currentDictionary } from '../../lib/state-codec.ts';
import { addFault, type Fault } from './fault.ts';

const DIGEST_BYTES = 32;

/** Holds every output's text to its digest and size, and the outputs to those that states name: none missing, none beside. */
export function checkOutputs(sqlite: Database, namedByStates: readonly Buffer[]): Fault[] {
  const faults: Fault[] = [];
  const named = new Set<string>();
  for (const digests of namedByStates)
    for (let at = 0; at < digests.length; at += DIGEST_BYTES)
      named.add(digests.toString('latin1', at, at + DIGEST_BYTES));
  const rows = sqlite
    .prepare<[], { id: number; sha256: Buffer; text: string; sizeBytes: number }>(
      'SELECT id, sha256, text, size_bytes AS sizeBytes FROM main.outputs',
    )
    .iterate();
  for (const { id, sha256: digest, text, sizeBytes } of rows) {
    if (!sha256(text).equals(digest))
      addFault(faults, `output ${id} is not the text of its SHA-256, ${digest.toString('hex')}`);
    if (Buffer.byteLength(text) !== sizeBytes)
      addFault(faults, `output ${id} has not the ${sizeBytes} bytes of its size_bytes`);
    if (!named.delete(digest.toString('latin1')))
      addFault(faults, `output ${id} belongs to no state that was observed`);
  }
  for (const digest of named)
    addFault(faults, `the output with SHA-256 ${Buffer.from(digest, 'latin1').toString('hex')} is missing`);
  return faults;
}

/** Holds what is counted, and what states are packed with, to what it must be. */
export function checkDerived(sqlite: Database): Fault[] {
  const faults: Fault[] = [];
  const counts = sqlite
    .prepare<[], { key: string }>(
      `SELECT json_array(day, account_id, region, document_name, status, status_details) AS key FROM (
         SELECT day, account_id, region, document_name, status, status_details, invocations AS n FROM main.daily_counts
         UNION ALL
         SELECT substr(requested_at, 1, 10), account_id, region, document_name, status, status_details, -1 FROM main.invocations)
        GROUP BY day, account_id, region, document_name, status, status_details HAVING sum(n) <> 0 LIMIT 10`,
    )
    .all();
  for (const { key } of counts) addFault(faults, `daily_counts does not have the number of invocations of ${key}`);
  const stateless = sqlite
    .prepare<[], { id: number }>(
      'SELECT id FROM main.invocations i WHERE NOT EXISTS (SELECT 1 FROM main.revisions WHERE invocation_id = i.id) LIMIT 10',
    )
    .all();
  for (const { id } of stateless) addFault(faults, `invocation ${id} has no revision: it was never observed`);
  const dictionaries = sqlite
    .prepare<[], { id: number; bytes: Buffer }>('SELECT id, bytes FROM main.state_dictionaries')
    .all();
  for (const { id, bytes } of dictionaries)
    if (id !== CURRENT_DICTIONARY_ID || !bytes.equals(currentDictionary()))
      addFault(faults, `dictionary ${id} of states is not one that ssm-archive has made`);
  return faults;
}
