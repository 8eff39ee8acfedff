import type { Database } from 'better-sqlite3';
import { createLedger } from '../../ledger/create-ledger.ts';
import { type NoteVerifier, parseVerifierKey } from '../../ledger/notes/note-key.ts';
import { parseSignatures } from '../../ledger/notes/signed-note.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';

/**
 * Adds an entry for each witness whose key differs from the one in the ledger, so that the next checkpoint covers the
 * keys that cosign it. Throws BadNoteKey.
 */
export function noteWitnesses(sqlite: Database, verifierKeys: readonly string[], at: string): void {
  for (const verifierKey of verifierKeys) {
    const verifier = parseVerifierKey(verifierKey);
    if (hasCosigned(sqlite, verifier) || lastKeyOf(sqlite, verifier.name) === verifierKey) continue;
    createLedger(sqlite).add('witness', [canonicalJson({ kind: 'witness', verifierKey, at })]);
  }
}

/**
 * Whether this key made the witness's last cosignature. If it did, the ledger has the key's entry already. Checked
 * first because reading all entries can take long.
 */
function hasCosigned(sqlite: Database, { name, keyId }: NoteVerifier): boolean {
  const last = sqlite
    .prepare<[string], string>('SELECT signature FROM ledger_cosignatures WHERE witness = ? ORDER BY size DESC LIMIT 1')
    .pluck()
    .get(name);
  try {
    return last !== undefined && parseSignatures(`${last}\n`)[0]?.keyId === keyId;
  } catch {
    // Somebody changed the cosignature, which `verify` reports. Look in all entries instead.
    return false;
  }
}

function lastKeyOf(sqlite: Database, name: string): string | undefined {
  return sqlite
    .prepare<[object], string>(
      `SELECT entry_json ->> '$.verifierKey' AS key FROM ledger_entries
        WHERE kind = 'witness' AND substr(key, 1, length(:name) + 1) = :name || '+' ORDER BY seq DESC LIMIT 1`,
    )
    .pluck()
    .get({ name });
}
