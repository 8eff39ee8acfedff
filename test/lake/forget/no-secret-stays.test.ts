import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { asyncBufferFromFile } from 'hyparquet';
import { expect, it } from 'vitest';
import { giveSpaceBack } from '../../../src/archive/prune/give-space-back.ts';
import type { PruneSelection } from '../../../src/archive/prune/prunable.ts';
import { prune } from '../../../src/archive/prune/prune.ts';
import { openParquet } from '../../../src/lake/parquet/open-parquet.ts';
import { createBatchReader } from '../../../src/ledger/entries/create-batch-reader.ts';
import { type RevisionFacts, revisionEntry } from '../../../src/ledger/entries/entries.ts';
import { unpackSecrets } from '../../../src/ledger/entries/line-secrets.ts';
import { createLeafReader } from '../../../src/ledger/entries/tombstone.ts';
import { tileStore } from '../../../src/ledger/tiles/tile-store.ts';
import { hashLeaf } from '../../../src/ledger/tree/hash-leaf.ts';
import { type SealedArchive, sealedArchive } from '../sealed-archive.ts';
import { forgetNow, LATER } from './forgetting.ts';

/** Everything about a state that somebody may know or guess, besides its secret. */
interface Known {
  seq: number;
  facts: RevisionFacts;
  digest: Buffer;
  state: string;
  /** The secret of its batch when it was recorded. */
  seed: Buffer;
}

function allStates(sqlite: Database): Known[] {
  const readBatch = createBatchReader(sqlite);
  return sqlite
    .prepare<[], RevisionFacts & { seq: number; batchId: number }>(
      `SELECT r.seq, r.page_id AS batchId, r.line, r.observed_at AS observedAt, r.fingerprint, i.account_id AS accountId, i.region
         FROM revisions r JOIN invocations i ON i.id = r.invocation_id ORDER BY r.seq`,
    )
    .all()
    .map(({ seq, batchId, ...facts }) => {
      const { digest, salt, states } = readBatch(batchId);
      return { seq, facts, digest, state: states[facts.line] ?? '', seed: salt ?? Buffer.alloc(0) };
    });
}

/** All secrets that the file and the lake have. */
async function secretsIn({ sqlite, lake }: SealedArchive): Promise<Buffer[]> {
  const salts = sqlite.prepare<[], Buffer>('SELECT salt FROM revision_pages WHERE salt IS NOT NULL').pluck().all();
  const found = new Set(
    salts.flatMap((salt) => [salt, ...unpackSecrets(salt)]).map((one) => one?.toString('hex') ?? ''),
  );
  for (const name of readdirSync(lake, { recursive: true, encoding: 'utf8' })) {
    if (!/^revisions.*\.parquet$/.test(name)) continue;
    const file = await openParquet(await asyncBufferFromFile(join(lake, name)));
    const at = file.columns.findIndex((column) => column.name === 'page_salt');
    for await (const row of file.read()) found.add(String(row[at]));
  }
  return [...found].filter((hex) => hex !== '').map((hex) => Buffer.from(hex, 'hex'));
}

/** Whether somebody who has these secrets can confirm a guess at a state, which is right, by the hash of its leaf. */
function isConfirmed(sqlite: Database, { seq, facts, digest, state }: Known, secrets: readonly Buffer[]): boolean {
  const leaf = createLeafReader(tileStore(sqlite).read)(seq - 1);
  return secrets.some((salt) => {
    try {
      return hashLeaf(revisionEntry(facts, { digest, salt }, state)).equals(leaf);
    } catch {
      return false;
    }
  });
}

it.each<[string, (archive: SealedArchive) => PruneSelection]>([
  ['a whole sealed day', ({ sealed }) => ({ requestedBefore: `${sealed[1]}T00:00:00.000Z` })],
  ['a node of sealed days and of others', ({ sqlite }) => ({ instanceId: nodeOf(sqlite) })],
])('after %s was pruned, no secret in the file or in the lake confirms a guess at it', async (_, selectionOf) => {
  const states: Known[] = [];
  const archive = await sealedArchive({ beforeSeal: (sqlite) => states.push(...allStates(sqlite)) });
  const { sqlite, deps } = archive;
  const selection = selectionOf(archive);
  expect(states.every((state) => isConfirmed(sqlite, state, [state.seed]))).toBe(true);
  await prune({ ...deps, now: () => LATER }, { kind: 'invocations', selection, by: 'me', reason: 'a rule' });
  await forgetNow(archive, selection);
  await giveSpaceBack(deps.sqlite, {});
  const ranges = sqlite
    .prepare<[], [number, number]>("SELECT from_seq, to_seq FROM pruned_leaves WHERE what = 'entries'")
    .raw()
    .all();
  const pruned = states.filter(({ seq }) => ranges.some(([from, to]) => seq >= from && seq <= to));
  expect(pruned.length).toBeGreaterThan(1);
  const secrets = await secretsIn(archive);
  const left = states.filter((state) => !pruned.includes(state));
  // The attack works, for states that are there.
  expect(left.slice(0, 5).every((state) => isConfirmed(sqlite, state, secrets))).toBe(true);
  expect(pruned.filter((state) => isConfirmed(sqlite, state, secrets))).toEqual([]);
  const bytes = ['', '-wal'].map((end) => readFileSync(sqlite.name + end));
  for (const { seed } of pruned) expect(bytes.some((file) => file.includes(seed.subarray(1)))).toBe(false);
});

function nodeOf(sqlite: Database): string {
  const node = sqlite
    .prepare<[], string>("SELECT value FROM sealed_values WHERE kind = 'instanceId' ORDER BY first_day LIMIT 1")
    .pluck()
    .get();
  return node ?? '';
}
