import { expect, it } from 'vitest';
import { listQueued } from '../../../src/archive/outputs/queued-outputs.ts';
import { plansOf } from '../../db/plans-of.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { SOURCE } from '../raw-invocation.ts';

it('the next outputs to fetch are found by the index of the queue, in its order, however many are queued', () => {
  const { sqlite } = tempArchive();
  const plans = plansOf(sqlite, (db) => listQueued(db, SOURCE, 'get', { isDenied: 0, requestedAt: '2026', rowId: 7 }));
  const [first = ''] = plans;
  expect(first).toMatch(/^SEARCH q USING INDEX output_queue_next \(account_id=\? AND region=\? AND provenance=\? AND/);
  expect(plans.join('\n')).not.toContain('TEMP B-TREE');
});
