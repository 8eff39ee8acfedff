import type { Database } from 'better-sqlite3';
import { type NoteVerifier, parseVerifierKey } from '../../ledger/notes/note-key.ts';
import { readVerifierKey } from '../../ledger/notes/open-signer.ts';
import { BadNote, formatSignature, openNote, parseNote } from '../../ledger/notes/signed-note.ts';
import { CosignatureRefused, refusalOf, type WitnessAnswer } from './cosignature-refused.ts';
import { keepCosignature } from './keep-cosignature.ts';
import type { MadeCheckpoint } from './make-checkpoint.ts';
import { proveGrowth } from './prove-growth.ts';

/**
 * A witness is asked at most this many times, if the size that it cosigned last is not the one that the archive knows.
 */
const MOST_REQUESTS = 3;
const SIZE_TYPE = 'text/x.tlog.size';
/** The beginning of each signature line: https://c2sp.org/signed-note. */
const SIGNATURE_MARK = '\u2014 ';
const MOST_SAID = 200;

export interface CosignatureDeps {
  sqlite: Database;
  /** The file of the ledger's key. The witness must know the key's public form. */
  keyPath: string;
  /** Sends the body of an add-checkpoint request to the witness. */
  post(body: string): Promise<WitnessAnswer>;
}

/**
 * Asks a witness to cosign a checkpoint (https://c2sp.org/tlog-witness), with a proof that it continues the last
 * checkpoint that this witness cosigned. Verifies and stores the cosignature, and returns its line. Returns undefined
 * if the archive has this cosignature already. Throws CosignatureRefused, and the errors of `post`.
 */
export async function requestCosignature(
  { sqlite, keyPath, post }: CosignatureDeps,
  { size, note }: MadeCheckpoint,
  verifierKey: string,
): Promise<string | undefined> {
  const verifier = parseVerifierKey(verifierKey);
  let from = lastCosigned(sqlite, verifier.name, size);
  if (from === size) return undefined;
  for (let requests = 1; ; requests++) {
    const answer = await post(requestBody(sqlite, { from, size, note }));
    if (answer.status === 200) {
      const signature = verifiedLine(answer.body, note, verifier);
      keepCosignature(sqlite, { size, witness: verifier.name, signature });
      return signature;
    }
    const other = sizeIn(answer);
    if (other === undefined) throw refusalOf(answer, readVerifierKey(keyPath) ?? '');
    if (other > size)
      throw new CosignatureRefused(
        `The witness has cosigned ${other} leaves of this ledger, which has ${size}: this archive is an old copy, or another archive signs with the same key. Use the newest copy, and give each archive its own key.`,
      );
    if (requests === MOST_REQUESTS || other === from)
      throw new CosignatureRefused(
        `The witness says that it last cosigned ${other} leaves, but refuses a proof that begins there.`,
      );
    from = other;
  }
}

/** The largest size, up to `most`, that the witness cosigned; 0 if it cosigned none. */
function lastCosigned(sqlite: Database, witness: string, most: number): number {
  const size = sqlite
    .prepare<[string, number], number>(
      'SELECT size FROM ledger_cosignatures WHERE witness = ? AND size <= ? ORDER BY size DESC LIMIT 1',
    )
    .pluck()
    .get(witness, most);
  return size ?? 0;
}

function requestBody(sqlite: Database, { from, size, note }: { from: number; size: number; note: string }): string {
  const { proof } = proveGrowth(sqlite, { from, to: size });
  return [`old ${from}`, ...proof.map((hash) => hash.toString('base64')), '', note].join('\n');
}

/** The size that the witness cosigned last, if it answers that the request begins at the wrong size. */
function sizeIn({ status, contentType, body }: WitnessAnswer): number | undefined {
  const [, digits] = /^(0|[1-9][0-9]*)\n?$/.exec(body) ?? [];
  const size = Number(digits);
  return status === 409 && contentType.startsWith(SIZE_TYPE) && Number.isSafeInteger(size) ? size : undefined;
}

/** The witness's own line in its answer. Lines of other keys are ignored. */
function verifiedLine(lines: string, note: string, verifier: NoteVerifier): string {
  try {
    const { verified } = openNote(`${parseNote(note).text}\n${lines}`, [verifier]);
    const [signature] = verified.filter(({ cosignedAt }) => cosignedAt !== undefined && cosignedAt > 0);
    if (!signature) throw new BadNote('The cosignature has no time');
    return formatSignature(signature).trimEnd();
  } catch (error) {
    if (!(error instanceof BadNote)) throw error;
    if (!lines.startsWith(SIGNATURE_MARK))
      throw new CosignatureRefused(
        `The answer does not come from a witness: it has status 200 but no signature line. Check its url, and whether there is a proxy in between.`,
        { said: lines.slice(0, MOST_SAID) },
      );
    throw new CosignatureRefused(
      `The witness's cosignature is not valid and is not kept: ${error.message}. Check that the configuration has the key of this witness.`,
    );
  }
}
