import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { indexOutputs } from '../../../src/archive/record/index-outputs.ts';
import { createListedCommandRecorder } from '../../../src/archive/record/record-listed-commands.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { beginRun, finishRun, recordRunSource } from '../../../src/archive/record/record-run.ts';
import { createSenderRecorder } from '../../../src/archive/record/record-senders.ts';
import { beginSweep, finishSweep } from '../../../src/archive/record/record-sweep.ts';
import { type ArchiveDb, openArchive } from '../../../src/db/open.ts';
import { DAY_MS, isoFromMs } from '../../../src/lib/time.ts';
import { emptyTally } from '../../../src/model/coverage/counters.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';
import { page, rawInvocation } from '../../archive/raw-invocation.ts';
import { MONTH_END } from '../../simulator/collect-month.ts';
import { type Server, startServer } from '../consoles/start-server.ts';
import { BANK, BANK_INVOCATIONS, COMMANDS, INVOCATIONS, LISTED, PROD } from './audit-inputs.ts';

const NOW_MS = MONTH_END.getTime();
/** Collecting began on 2026-03-05, when the service still showed invocations since 2026-02-03, and nothing older. */
const FIRST_MS = NOW_MS - 56 * DAY_MS;
const SETTLED_MS = NOW_MS - 900_000;

/** The built server on an archive like the auditors' own: all of March is collected, and nothing before February. */
export async function startAuditConsole(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-audit-'));
  const archive = join(folder, 'archive.db');
  const db = openArchive(archive);
  await fill(db);
  db.close();
  const sources = [PROD, BANK].map(({ accountId, region }, n) => ({
    ...{ alias: n === 0 ? 'prod' : 'bank', accountId, regions: [region] },
  }));
  writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ sources }));
  const server = await startServer({
    archive,
    now: MONTH_END,
    // Nothing listens at this address, so the archive keeps only what `fill` has written.
    env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ACCESS_KEY_ID: 'any', AWS_SECRET_ACCESS_KEY: 'any' },
  });
  return {
    ...server,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function fill(db: ArchiveDb): Promise<void> {
  const observedAt = isoFromMs(SETTLED_MS);
  const recordReply = createSingleReplyRecorder(db.sqlite);
  recordReply(page(INVOCATIONS.map(rawInvocation), { source: PROD, observedAt }));
  recordReply(page(BANK_INVOCATIONS.map(rawInvocation), { source: BANK, observedAt }));
  await indexOutputs(db.sqlite);
  createListedCommandRecorder(db.sqlite)(PROD, observedAt, LISTED.map(observeCommand));
  createSenderRecorder(db.sqlite)([
    {
      ...{ ...PROD, commandId: COMMANDS.install, eventId: 'e-1', eventAt: isoFromMs(NOW_MS - 12 * DAY_MS) },
      ...{ principalType: 'AssumedRole', principalArn: 'arn:aws:sts::111122223333:assumed-role/Patching/mira' },
      ...{ principalId: 'AROA:mira', sessionIssuerArn: 'arn:aws:iam::111122223333:role/Patching', invokedBy: null },
      ...{ sourceIpAddress: '192.0.2.7', userAgent: 'aws-cli', isMfaAuthenticated: 1 },
    },
  ]);
  const runId = beginRun(db.sqlite, { startedAt: observedAt, collector: 'here:1' });
  for (const [n, source] of [PROD, BANK].entries()) {
    const target = {
      operation: 'ListCommandInvocations',
      ...{ invokedAfter: isoFromMs(FIRST_MS), invokedBefore: isoFromMs(SETTLED_MS) },
    } as const;
    const sweep = beginSweep(db.sqlite, { runId, source, target, startedAt: observedAt });
    const spans = [{ from: FIRST_MS, to: SETTLED_MS }];
    finishSweep(db.sqlite, sweep, {
      ...{ outcome: 'complete', finishedAt: observedAt, tally: emptyTally(), covered: { source, spans } },
    });
    const ended = { ...emptyTally(), clockSkewMs: null, startedAt: observedAt, finishedAt: observedAt };
    const alias = n === 0 ? 'prod' : 'bank';
    recordRunSource(db.sqlite, runId, { ...ended, ...source, alias, outcome: 'complete', error: null });
  }
  finishRun(db.sqlite, runId, { finishedAt: observedAt, outcome: 'complete' });
}
