import { expect, it } from 'vitest';
import { createListedCommandRecorder } from '../../../src/archive/record/record-listed-commands.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';
import { OBSERVED_AT, SOURCE } from '../../archive/raw-invocation.ts';
import { apiTrial } from './api-trial.ts';

const trial = apiTrial();
const [SCAN, INSTALL, UNLISTED] = [1, 2, 3].map((n) => `c0000000-0000-0000-0000-00000000000${n}`);
const nodeOf = (n: number) => `i-0000000000000000${n}`;
await trial.record(
  [SCAN, INSTALL, UNLISTED].map((CommandId, n) => ({
    ...{ CommandId, InstanceId: nodeOf(n + 1), DocumentName: 'AWS-RunPatchBaseline' },
  })),
);
createListedCommandRecorder(trial.db.sqlite)(
  SOURCE,
  OBSERVED_AT,
  [[SCAN, 'Scan'] as const, [INSTALL, 'Install'] as const].map(([CommandId, operation]) =>
    observeCommand({
      ...{ CommandId, DocumentName: 'AWS-RunPatchBaseline', RequestedDateTime: 1772357400, Status: 'Success' },
      Parameters: { Operation: [operation] },
    }),
  ),
);

it('the report nodes-not-patched names a node that was only scanned, and says "unknown" if the service never listed the command', async () => {
  const { columns, rows } = await trial.json('/v1/reports/nodes-not-patched?since=2026-02-01');
  expect(columns).toMatchObject(
    [
      ...['account_id', 'region', 'instance_id', 'instance_name', 'state', 'last_patched_at', 'last_scanned_at'],
      ...['last_unknown_at', 'last_attempt_at', 'last_seen_at'],
    ].map((name) => ({ name })),
  );
  const at = '2026-03-01T09:30:00.000Z';
  expect(rows).toEqual([
    [SOURCE.accountId, SOURCE.region, nodeOf(1), 'web-1', 'not patched', null, at, null, at, at],
    [SOURCE.accountId, SOURCE.region, nodeOf(3), 'web-1', 'unknown', null, null, at, at, at],
  ]);
});
