import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { reconcile } from '../../../src/ingest/reconcile/reconcile.ts';
import { openSealedFinder } from '../../../src/lake/read/find-sealed.ts';
import { sealDay } from '../../../src/lake/seal/seal-day.ts';
import { page, rawInvocation } from '../../archive/raw-invocation.ts';
import { placeOf } from '../../lake/place-of.ts';
import { type SealedArchive, sealedArchive } from '../../lake/sealed-archive.ts';
import { onTestEnd } from '../../on-test-end.ts';
import { ACCOUNT, REGION } from '../archive-trial.ts';

async function compare({ trial, sqlite, lake }: SealedArchive) {
  const finder = openSealedFinder(sqlite, placeOf(lake));
  onTestEnd(finder.close);
  const { db, config, simulator } = trial;
  const signal = new AbortController().signal;
  const [result] = await reconcile({
    ...{ db, config, now: simulator.clock.now, random: () => 0, signal, findSealed: finder.find },
  });
  return result;
}

it('invocations that are in the lake alone are compared with what the service still shows, and are not called missing', async () => {
  const archive = await sealedArchive({ sealed: 5 });
  const result = await compare(archive);
  expect(result).toMatchObject({ drifts: [], pending: 0 });
  expect(result?.equal).toBe(result?.compared);
  const inFile = Number(archive.sqlite.prepare('SELECT count(*) FROM invocations').pluck().get());
  expect(result?.compared).toBeGreaterThan(inFile);
});

it('a sealed invocation that differs from what the service shows is named with its members', async () => {
  const archive = await sealedArchive({ sealed: 0 });
  const { sqlite, deps, days } = archive;
  const row = sqlite
    .prepare<[string], { commandId: string; instanceId: string; requestedAt: string }>(
      `SELECT command_id AS commandId, instance_id AS instanceId, requested_at AS requestedAt FROM invocations
        WHERE status = 'Success' AND substr(requested_at, 1, 10) = ?`,
    )
    .get(days[2] ?? '');
  if (!row) throw new Error('no invocation of the day has ended');
  createSingleReplyRecorder(sqlite)(
    page(
      [
        rawInvocation({
          ...{ CommandId: row.commandId, InstanceId: row.instanceId, Comment: 'made up' },
          RequestedDateTime: Date.parse(row.requestedAt) / 1000,
        }),
      ],
      { source: { accountId: ACCOUNT, region: REGION } },
    ),
  );
  for (const day of days.slice(0, 3)) await sealDay(deps, day);
  const result = await compare(archive);
  expect(result?.drifts).toMatchObject([
    { kind: 'changed-after-end', commandId: row.commandId, instanceId: row.instanceId },
  ]);
  expect(result?.drifts?.[0]?.members).toContain('Comment');
});

it('a lake that can’t be read is said, and nothing is called missing because of it', async () => {
  const archive = await sealedArchive({ sealed: 3 });
  rmSync(archive.lake, { recursive: true });
  const result = await compare(archive);
  expect(result?.error).toMatch(/^The rows of 2026-\d\d-\d\d are sealed, and the lake .* can't be read/);
  expect(result?.drifts).toBeUndefined();
});
