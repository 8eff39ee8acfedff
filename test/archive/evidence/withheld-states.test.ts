import type { Database } from 'better-sqlite3';
import { expect, it } from 'vitest';
import { readLedgerEntries } from '../../../src/archive/checkpoints/read-ledger-entries.ts';
import { verifyEvidence } from '../../../src/archive/evidence/check/verify-evidence.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { tileStore } from '../../../src/ledger/tiles/tile-store.ts';
import { hashLeaf } from '../../../src/ledger/tree/hash-leaf.ts';
import { page, rawInvocation } from '../raw-invocation.ts';
import { packed } from './pack-trial.ts';

/** Records a state of i-8 as a version from before commitments did: its leaf is the hash of all values. */
function recordOldState(sqlite: Database, Comment: string, observedAt: string): void {
  createSingleReplyRecorder(sqlite)(page([rawInvocation({ InstanceId: 'i-8', Comment })], { observedAt }));
  sqlite.exec('DROP TRIGGER IF EXISTS revision_pages_are_not_updated; DROP TRIGGER IF EXISTS ledger_tiles_only_grow');
  sqlite.prepare('UPDATE revision_pages SET salt = NULL WHERE id = (SELECT max(id) FROM revision_pages)').run();
  const last = sqlite.prepare<[], number>('SELECT max(seq) FROM revisions').pluck().get() ?? 0;
  const [entry] = readLedgerEntries(sqlite, { from: last - 1, to: last });
  const hashes = Buffer.from(tileStore(sqlite).read(0, 0) ?? []);
  hashLeaf(entry?.entry ?? '').copy(hashes, (last - 1) * 32);
  sqlite.prepare('UPDATE ledger_tiles SET hashes = ? WHERE level = 0').run(hashes);
}

it('an invocation whose last state is withheld, although an earlier one is shown, counts as unproven and is no fault', async () => {
  const { pack, summary } = await packed({ redacted: ['Comment'] }, (sqlite) => {
    recordOldState(sqlite, '', '2026-03-01T10:20:00.000Z');
    recordOldState(sqlite, 'a secret', '2026-03-01T10:21:00.000Z');
  });
  expect(summary).toMatchObject({ invocations: 8, states: 11, withheldStates: 1 });
  expect(await verifyEvidence(pack, [])).toMatchObject({
    ...{ verdict: 'consistent', faults: [], withheld: 1, unprovenRows: 1, rows: 8 },
  });
});
