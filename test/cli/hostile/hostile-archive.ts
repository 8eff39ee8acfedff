import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { noteOwed } from '../../../src/archive/coverage/sources/note-owed.ts';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { placeHold } from '../../../src/archive/holds/place-hold.ts';
import { markCovered } from '../../../src/archive/record/mark-covered.ts';
import { createListedCommandRecorder } from '../../../src/archive/record/record-listed-commands.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { beginRun, finishRun, recordRunSource } from '../../../src/archive/record/record-run.ts';
import { createSenderRecorder } from '../../../src/archive/record/record-senders.ts';
import { beginSweep, finishSweep } from '../../../src/archive/record/record-sweep.ts';
import { DAY_MS, isoFromMs } from '../../../src/lib/time.ts';
import { emptyTally } from '../../../src/model/coverage/counters.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';
import { page, rawInvocation, rawPlugin } from '../../archive/raw-invocation.ts';
import { PLANT } from './plant.ts';

const SOURCE = { accountId: PLANT, region: PLANT };

/** An invocation from a hostile service: each of its texts is the hostile text. */
export function hostileInvocation(requestedMs: number) {
  const texts = { DocumentName: PLANT, DocumentVersion: PLANT, ServiceRole: PLANT, TraceOutput: PLANT };
  const urls = { StandardOutputUrl: PLANT, StandardErrorUrl: PLANT };
  const s3 = { OutputS3Region: PLANT, OutputS3BucketName: PLANT, OutputS3KeyPrefix: PLANT };
  return rawInvocation({
    ...{ CommandId: PLANT, InstanceId: PLANT, InstanceName: PLANT, Comment: PLANT, ...texts, ...urls },
    ...{ Status: PLANT, StatusDetails: PLANT, RequestedDateTime: requestedMs / 1000 },
    CommandPlugins: [rawPlugin({ Name: PLANT, Status: PLANT, StatusDetails: PLANT, Output: PLANT, ...urls, ...s3 })],
    NotificationConfig: { NotificationArn: PLANT, NotificationEvents: [PLANT], NotificationType: PLANT },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: PLANT, CloudWatchOutputEnabled: true },
  });
}

let made: Buffer | undefined;

/** Writes an archive in which each text that a service or a user can give is the hostile text. */
export function writeHostileArchive(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (made) writeFileSync(path, made);
  else fill(path, Date.now());
  made ??= readFileSync(path);
}

function fill(path: string, nowMs: number): void {
  const db = openArchive(path);
  const at = isoFromMs(nowMs - DAY_MS);
  createSingleReplyRecorder(db.sqlite)(
    page([hostileInvocation(nowMs - 2 * DAY_MS)], { source: SOURCE, observedAt: at }),
  );
  const command = { ...hostileInvocation(nowMs - 2 * DAY_MS), Parameters: { [PLANT]: [PLANT] }, TargetCount: 2 };
  createListedCommandRecorder(db.sqlite)(SOURCE, at, [observeCommand(command)]);
  const principal = { principalType: PLANT, principalArn: PLANT, principalId: PLANT, sessionIssuerArn: PLANT };
  const caller = { invokedBy: PLANT, sourceIpAddress: PLANT, userAgent: PLANT, isMfaAuthenticated: 0 } as const;
  createSenderRecorder(db.sqlite)([
    { ...SOURCE, commandId: PLANT, eventId: PLANT, eventAt: at, ...principal, ...caller },
  ]);
  noteOwed(db.sqlite, [{ ...SOURCE, alias: PLANT }, { alias: `x${PLANT}` }], { at });
  const run = beginRun(db.sqlite, { startedAt: at, collector: PLANT });
  markCovered(db.sqlite, SOURCE, { from: nowMs - 20 * DAY_MS, to: nowMs - 10 * DAY_MS });
  const end = { outcome: 'failed', error: PLANT, finishedAt: at } as const;
  const target = { operation: 'ListCommandInvocations', fromMs: nowMs - 10 * DAY_MS, toMs: nowMs } as const;
  const sweep = beginSweep(db.sqlite, { runId: run, source: SOURCE, target, startedAt: at });
  finishSweep(db.sqlite, sweep, { ...end, tally: emptyTally(), requestIds: [PLANT] });
  const result = { ...emptyTally(), ...end, startedAt: at, clockSkewMs: 0 };
  recordRunSource(db.sqlite, run, { ...result, ...SOURCE, alias: PLANT });
  recordRunSource(db.sqlite, run, { ...result, accountId: null, region: PLANT, alias: `nameless ${PLANT}` });
  finishRun(db.sqlite, run, { finishedAt: at, outcome: 'failed' });
  placeHold(db.sqlite, { ...SOURCE, instanceId: PLANT, reason: PLANT, placedBy: PLANT, placedAt: at });
  db.close();
}
