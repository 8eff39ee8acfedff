import type { Database } from 'better-sqlite3';
import { createProver } from '../../ledger/create-prover.ts';
import { revisionEntry } from '../../ledger/entries.ts';
import { createPackReader } from '../../ledger/read-pack.ts';
import { tileStore } from '../../ledger/tile-store.ts';
import { conditionsOf, type InvocationFilter, joined, PRESENT } from '../invocation-filter.ts';

interface StateRow {
  seq: number;
  accountId: string;
  region: string;
  observedAt: string;
  fingerprint: Buffer | null;
  pageId: number;
  line: number;
}

const OUTPUT = /"Output":\{"sha256":"([0-9a-f]{64})"\}/g;

/**
 * All states of the invocations that a filter finds, in the order of the ledger: each a line with its leaf, its entry and its
 * proof of inclusion (base64) in the ledger of `size` leaves. Gives how many, and the SHA-256 of the outputs that they name.
 */
export function writeStates(
  sqlite: Database,
  { filter, size }: { filter: InvocationFilter; size: number },
  write: (line: string) => void,
): { states: number; outputs: Set<string> } {
  const prover = createProver(tileStore(sqlite).read, size);
  const readPack = createPackReader(sqlite);
  const outputs = new Set<string>();
  const { sql, params } = joined([...conditionsOf(filter, PRESENT).values()]);
  const rows = sqlite
    .prepare<unknown[], StateRow>(
      `SELECT r.seq, i.account_id AS accountId, i.region, r.observed_at AS observedAt, r.fingerprint, r.page_id AS pageId, r.line
         FROM main.invocations i JOIN main.revisions r ON r.invocation_id = i.id WHERE ${sql} ORDER BY r.seq`,
    )
    .iterate(...params);
  let states = 0;
  for (const { seq, pageId, line, ...facts } of rows) {
    const { states: packed, sha256 } = readPack(pageId);
    const entry = revisionEntry({ ...facts, packSha256: line === 0 ? sha256 : undefined }, packed[line] ?? '');
    const proof = prover.inclusion(seq - 1).map((hash) => hash.toString('base64'));
    write(`${JSON.stringify({ leaf: seq - 1, entry, proof })}\n`);
    for (const [, digest = ''] of entry.matchAll(OUTPUT)) outputs.add(digest);
    states += 1;
  }
  return { states, outputs };
}
