import { describe, expect, it } from 'vitest';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { reconcile } from '../../../src/ingest/reconcile/reconcile.ts';
import { HOUR_MS } from '../../../src/lib/time.ts';
import { page, rawInvocation } from '../../archive/raw-invocation.ts';
import { rowsOf, writesOf } from '../../db/temp-archive.ts';
import { ACCOUNT, REGION, START, startTrial, type Trial } from '../archive-trial.ts';

const source = { accountId: ACCOUNT, region: REGION };

async function compare({ db, config, simulator }: Trial) {
  const signal = new AbortController().signal;
  const before = writesOf(db);
  const [result] = await reconcile({ db, config, now: simulator.clock.now, random: () => 0, signal });
  expect(writesOf(db)).toBe(before);
  return result;
}

/**
 * Writes a state that the service never showed, as anyone who has the file could. Changes the row of the invocation
 * too.
 */
function record({ db }: Trial, members: Record<string, unknown>): void {
  createSingleReplyRecorder(db.sqlite)(page([rawInvocation(members)], { source }));
}

describe('the archive and the service', () => {
  it('are equal to the byte after a pass, except for invocations that are still running', async () => {
    const trial = await startTrial();
    await trial.pass();
    const result = await compare(trial);
    expect(result).toMatchObject({ ...source, drifts: [], pending: 0 });
    expect(result?.compared).toBe(rowsOf(trial.db, 'invocations').length);
    expect(result?.equal).toBe(result?.compared);
    expect(result?.equal).toBeGreaterThan(100);
  });

  it('may differ in invocations that have changed since the pass, which does not count as drift', async () => {
    const trial = await startTrial();
    await trial.pass();
    trial.simulator.clock.advance(6 * HOUR_MS);
    const result = await compare(trial);
    expect(result?.drifts).toEqual([]);
    expect(result?.pending).toBeGreaterThan(0);
    await trial.pass();
    expect(await compare(trial)).toMatchObject({ drifts: [], pending: 0 });
  });

  it('have drifted apart if a final invocation differs now, and the report names the members that differ', async () => {
    const trial = await startTrial();
    await trial.pass();
    const [row] = rowsOf(trial.db, 'invocations').filter(({ status }) => status === 'Success');
    record(trial, { CommandId: row?.command_id, InstanceId: row?.instance_id, Comment: 'made up' });
    const result = await compare(trial);
    expect(result?.drifts).toMatchObject([
      { kind: 'changed-after-end', commandId: row?.command_id, instanceId: row?.instance_id },
    ]);
    expect(result?.drifts?.[0]?.members).toContain('Comment');
  });

  it('are equal again after the command that the report of the drift suggests was run', async () => {
    const trial = await startTrial();
    await trial.pass();
    expect((await compare(trial))?.remedy).toBeUndefined();
    const [row] = rowsOf(trial.db, 'invocations').filter(({ status }) => status === 'Success');
    record(trial, {
      CommandId: row?.command_id,
      InstanceId: row?.instance_id,
      RequestedDateTime: Date.parse(String(row?.requested_at)) / 1000,
      Comment: 'made up',
    });
    const remedy = (await compare(trial))?.remedy ?? '';
    const [, from = '', to = '', alias] =
      /^ssm-archive ingest --from (\S+) --to (\S+) --source (\S+)$/.exec(remedy) ?? [];
    expect(Date.parse(to) - Date.parse(from)).toBeLessThanOrEqual(50 * HOUR_MS);
    await trial.pass({ only: { from: Date.parse(from), to: Date.parse(to) }, alias });
    const after = await compare(trial);
    expect(after?.drifts).toEqual([]);
    expect(after?.remedy).toBeUndefined();
  });

  it('have drifted apart if one has an invocation that the other lacks', async () => {
    const trial = await startTrial();
    await trial.pass();
    record(trial, { InstanceId: 'i-0badc0ffee', RequestedDateTime: (START.getTime() - 50 * HOUR_MS) / 1000 });
    const [gone] = rowsOf(trial.db, 'invocations').filter(({ requested_at }) => String(requested_at) < '2026-03-30');
    trial.db.sqlite.pragma('foreign_keys = OFF');
    trial.db.sqlite.prepare('DELETE FROM invocations WHERE id = ?').run(gone?.id);
    const result = await compare(trial);
    expect(result?.drifts?.map(({ kind, instanceId }) => [kind, instanceId])).toEqual([
      ['missing', gone?.instance_id],
      ['not-shown', 'i-0badc0ffee'],
    ]);
  });

  it('are not compared if the source can’t be read, and the result has the error', async () => {
    const trial = await startTrial();
    await trial.pass();
    // Nothing listens at port 9.
    const aws = { endpoint: 'http://127.0.0.1:9', credentials: { accessKeyId: ACCOUNT, secretAccessKey: 's' } };
    expect(await compare({ ...trial, config: { ...trial.config, aws } })).toMatchObject({
      alias: ACCOUNT,
      error: expect.stringMatching(/./),
    });
  });
});
