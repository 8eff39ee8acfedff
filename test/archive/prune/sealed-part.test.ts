import { expect, it } from 'vitest';
import { planPrune } from '../../../src/archive/prune/plan-prune.ts';
import { prune } from '../../../src/archive/prune/prune.ts';
import { sealedBefore } from '../../../src/archive/prune/sealed-part.ts';
import { readFloor } from '../../../src/archive/sealed/read-floor.ts';
import { sealedArchive } from '../../lake/sealed-archive.ts';

const NOW = new Date('2026-09-01T00:00:00.000Z');

it('pruning the file removes nothing of sealed days, also not what is still in the file: their days are pruned whole', async () => {
  const { sqlite, deps, sealed } = await sealedArchive();
  const floor = readFloor(sqlite) ?? '';
  const hotOfDays = sqlite
    .prepare<[], number>(
      'SELECT count(*) FROM invocations WHERE substr(requested_at, 1, 10) IN (SELECT day FROM sealed_days)',
    )
    .pluck();
  const before = Number(hotOfDays.get());
  const selection = { requestedBefore: '2026-08-01T00:00:00.000Z' };
  const plan = planPrune(sqlite, { kind: 'invocations', selection, nowMs: NOW.getTime() });
  expect(plan.sealedBefore).toBe(floor);
  expect(plan.sealed).toBe(before);
  expect(plan.invocations).toBeGreaterThan(10);
  await prune(
    { sqlite: deps.sqlite, now: () => NOW, renew: () => {} },
    { kind: 'invocations', selection, by: 'me', reason: 'x' },
  );
  expect(Number(hotOfDays.get())).toBe(before);
  expect(sqlite.prepare('SELECT count(*) FROM sealed_days').pluck().get()).toBe(sealed.length);
});

it('a selection asks for sealed days exactly if its span has one that is in the lake', async () => {
  const { sqlite, sealed } = await sealedArchive();
  const floor = readFloor(sqlite) ?? '';
  expect(sealedBefore(sqlite, { requestedAfter: `${floor}T00:00:00.000Z` })).toBeNull();
  expect(sealedBefore(sqlite, { requestedBefore: `${sealed[0]}T00:00:00.000Z` })).toBeNull();
  expect(sealedBefore(sqlite, { requestedBefore: `${sealed[0]}T00:00:00.001Z` })).toBe(floor);
  expect(sealedBefore(sqlite, { instanceId: 'i-0' })).toBe(floor);
  expect(sealedBefore(sqlite, {})).toBe(floor);
});
