import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { type NoteVerifier, parseVerifierKey } from '../../../ledger/notes/note-key.ts';
import { formatSignature, openNote, parseNote } from '../../../ledger/notes/signed-note.ts';
import type { Cosignature } from '../../checkpoints/keep-cosignature.ts';
import { addFault, type Fault } from '../fault.ts';
import { inexactColumns, isAmbiguous } from '../inexact-columns.ts';

const WitnessEntry = z.object({ verifierKey: z.string() });
const CosignatureEntry = z.object({ size: z.number(), witness: z.string(), signature: z.string() });

/** A witness's key, and the number of its first entry. */
interface KnownWitness {
  seq: number;
  verifier: NoteVerifier;
}

export interface CheckedCosignatures {
  faults: Fault[];
  /** How many cosignatures are correct, and how many witnesses made them. */
  held: number;
  witnesses: number;
}

/**
 * Checks each cosignature against its checkpoint, the witness's key in the ledger, and the cosignature's own entry. A
 * cosignature with an entry must exist. Cosignatures of the newest checkpoint have no entry yet.
 */
export function checkCosignatures(sqlite: Database): CheckedCosignatures {
  const faults: Fault[] = [];
  const by = new Set<string>();
  let held = 0;
  const witnesses = witnessesOf(sqlite);
  const entries = new Map(
    entriesOf(sqlite, 'cosignature', CosignatureEntry).map(({ seq, entry }) => [cosignatureKey(entry), { seq, entry }]),
  );
  const noteOf = sqlite.prepare<[number], string>('SELECT note FROM main.ledger_checkpoints WHERE size = ?').pluck();
  const rows = sqlite
    .prepare<[], Cosignature>('SELECT size, witness, signature FROM main.ledger_cosignatures ORDER BY size, witness')
    .iterate();
  // SQLite allows other reads on the connection while these rows are still being read.
  for (const row of rows) {
    const noted = entries.get(cosignatureKey(row));
    entries.delete(cosignatureKey(row));
    const what =
      faultOf(row, noteOf.get(row.size), witnesses) ??
      (noted && noted.entry.signature !== row.signature ? 'differs from the one in the ledger' : inexact(sqlite, row));
    if (what !== undefined) {
      addFault(faults, `${nameOf(row)} ${what}`, noted && noted.seq - 1);
      continue;
    }
    held += 1;
    by.add(row.witness);
  }
  for (const { seq, entry } of entries.values()) addFault(faults, `${nameOf(entry)} is missing`, seq - 1);
  return { faults, held, witnesses: by.size };
}

function faultOf(
  { size, witness, signature }: Cosignature,
  note: string | undefined,
  witnesses: readonly KnownWitness[],
): string | undefined {
  if (note === undefined) return 'belongs to no checkpoint of the file';
  const keys = witnesses.filter(({ seq, verifier }) => seq < size && verifier.name === witness);
  if (keys.length === 0) return 'is by a witness whose key had no entry in the ledger yet';
  try {
    const { text } = parseNote(note);
    const { verified } = openNote(
      `${text}\n${signature}\n`,
      keys.map(({ verifier }) => verifier),
    );
    return verified.map(formatSignature).join('') === `${signature}\n` ? undefined : 'is more than one signature';
  } catch (error) {
    return `cannot be believed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function inexact(sqlite: Database, row: Cosignature): string | undefined {
  if (!isAmbiguous(row.witness + row.signature)) return undefined;
  const columns = inexactColumns(sqlite, 'ledger_cosignatures', { size: row.size, witness: row.witness });
  return columns.length === 0 ? undefined : `has bytes that are not UTF-8: ${columns.join(', ')}`;
}

/** The keys of witnesses, each with the number of its first entry. */
function witnessesOf(sqlite: Database): KnownWitness[] {
  const known = new Map<string, KnownWitness>();
  for (const { seq, entry } of entriesOf(sqlite, 'witness', WitnessEntry)) {
    if (known.has(entry.verifierKey)) continue;
    try {
      const verifier = parseVerifierKey(entry.verifierKey);
      // Only a signature of this type says that the witness has compared the checkpoint with earlier ones.
      if (verifier.type === 4) known.set(entry.verifierKey, { seq, verifier });
    } catch {
      // The text is not a key, so it confirms nothing.
    }
  }
  return [...known.values()];
}

/** The entries of one kind. Leaves out entries that do not have the form of this kind: checkRows reports them. */
function entriesOf<Form extends z.ZodType>(
  sqlite: Database,
  kind: string,
  form: Form,
): { seq: number; entry: z.output<Form> }[] {
  return sqlite
    .prepare<[string], { seq: number; json: string }>(
      'SELECT seq, entry_json AS json FROM main.ledger_entries WHERE kind = ? AND json_valid(entry_json) ORDER BY seq',
    )
    .all(kind)
    .flatMap(({ seq, json }) => {
      const parsed = form.safeParse(JSON.parse(json));
      return parsed.success ? [{ seq, entry: parsed.data }] : [];
    });
}

function cosignatureKey({ size, witness }: Pick<Cosignature, 'size' | 'witness'>): string {
  return JSON.stringify([size, witness]);
}

function nameOf({ size, witness }: Pick<Cosignature, 'size' | 'witness'>): string {
  return `the cosignature by ${witness} of the checkpoint of ${size} leaves`;
}
