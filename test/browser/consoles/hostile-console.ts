import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeHold } from '../../../src/archive/holds/place-hold.ts';
import { indexOutputs } from '../../../src/archive/record/index-outputs.ts';
import { markCovered } from '../../../src/archive/record/mark-covered.ts';
import { createListedCommandRecorder } from '../../../src/archive/record/record-listed-commands.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { beginRun, finishRun, recordRunSource } from '../../../src/archive/record/record-run.ts';
import { createSenderRecorder } from '../../../src/archive/record/record-senders.ts';
import { beginSweep, finishSweep } from '../../../src/archive/record/record-sweep.ts';
import { type ArchiveDb, openArchive } from '../../../src/db/open.ts';
import { DAY_MS, isoFromMs } from '../../../src/lib/time.ts';
import { emptyTally } from '../../../src/model/coverage/counters.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';
import { page, rawInvocation, rawPlugin } from '../../archive/raw-invocation.ts';
import { MONTH_END } from '../../simulator/collect-month.ts';
import { SAVED_REPORT, saveOneReport } from '../saved-report.ts';
import { recordPrinted } from './record-printed.ts';
import { type Server, startServer } from './start-server.ts';

/**
 * Everything that a page, a terminal or a spreadsheet could treat as more than text: ends of the elements around it,
 * elements that run scripts, a formula, escapes that clear a screen and make links, a NUL, and marks that reverse the
 * direction of text.
 */
export const HOSTILE = [
  '</pre></title></textarea></script></style></option></svg>--><b data-hostile>',
  '<img data-hostile src=x onerror="window.hacked=1"><script data-hostile>window.hacked=2</script>',
  '<svg data-hostile onload="window.hacked=3"></svg><iframe data-hostile srcdoc="<script>parent.hacked=4</script>"></iframe>',
  '<form data-hostile action="//example.com"><meta data-hostile http-equiv=refresh content="0;url=//example.com">',
  '" autofocus onfocus="window.hacked=5" data-hostile="\' onfocus=\'window.hacked=6',
  `{{constructor.constructor('window.hacked=7')()}}\${window.hacked=8}`,
  '=HYPERLINK("//example.com")\u001b[2J\u001b]8;;//example.com\u0007link\u001b]8;;\u0007\u0000\u202egpj\u2028',
].join('');
const URL_TEXT = `javascript:window.hacked=9//${HOSTILE}`;
const SOURCE = { accountId: HOSTILE, region: HOSTILE };
/**
 * A hostile text that can be part of a key in the address of a comparison: it has no slash, and does not end in a
 * space.
 */
const KEY = `${HOSTILE.replaceAll('/', '')}.`;
const NOW_MS = MONTH_END.getTime();
const NODES = 12;

/**
 * The built server on an archive in which each text is `HOSTILE`, or begins with it. It has nothing to collect from.
 */
export async function startHostileConsole(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-hostile-'));
  const archive = join(folder, 'archive.db');
  const db = openArchive(archive);
  await fill(db);
  db.close();
  await saveOneReport(archive, {
    ...{ ...SAVED_REPORT, description: HOSTILE },
    // A NUL would end the SQL.
    sql: `SELECT '${HOSTILE.replaceAll("'", "''").replaceAll('\u0000', '')}' AS text, :words AS words`,
    parameters: [{ name: 'words', type: 'text', description: HOSTILE, default: HOSTILE }],
  });
  writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ sources: [{ alias: 'none', regions: ['eu-west-1'] }] }));
  const server = await startServer({
    archive,
    now: MONTH_END,
    // Nothing listens at this address.
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
  const recordReply = createSingleReplyRecorder(db.sqlite);
  for (const [seen, status] of ['InProgress', HOSTILE].entries()) {
    const raws = Array.from({ length: NODES }, (_, n) => invocation(n, status));
    recordReply(page(raws, { source: SOURCE, observedAt: isoFromMs(NOW_MS - DAY_MS + seen * 60_000) }));
  }
  for (const [n, status] of ['Success', HOSTILE].entries()) {
    const output = [HOSTILE, `${n}${HOSTILE}`, HOSTILE].join('\n');
    const own = { CommandId: `${KEY}${n}`, InstanceId: KEY, RequestedDateTime: (NOW_MS - (4 - n) * DAY_MS) / 1000 };
    const raw = { ...invocation(n, status), ...own, CommandPlugins: [step(status, output)] };
    recordReply(page([raw], { source: { accountId: KEY, region: KEY }, observedAt: isoFromMs(NOW_MS - DAY_MS) }));
  }
  const invocationId = Number(db.sqlite.prepare('SELECT max(id) FROM invocations').pluck().get());
  const lines = Array.from({ length: 900 }, (_, n) => `${n}${HOSTILE}`);
  const fetchedAt = isoFromMs(NOW_MS - DAY_MS);
  recordPrinted(db.sqlite, { invocationId, position: 0, name: HOSTILE }, { lines, fetchedAt, bucket: HOSTILE });
  await indexOutputs(db.sqlite);
  createListedCommandRecorder(db.sqlite)(SOURCE, isoFromMs(NOW_MS - DAY_MS), [observeCommand(command())]);
  createSenderRecorder(db.sqlite)([
    {
      ...{ ...SOURCE, commandId: HOSTILE, eventId: HOSTILE, eventAt: isoFromMs(NOW_MS - DAY_MS) },
      ...{ principalType: HOSTILE, principalArn: HOSTILE, principalId: HOSTILE, sessionIssuerArn: HOSTILE },
      ...{ invokedBy: HOSTILE, sourceIpAddress: HOSTILE, userAgent: HOSTILE, isMfaAuthenticated: 0 },
    },
  ]);
  const at = { startedAt: isoFromMs(NOW_MS - DAY_MS), finishedAt: isoFromMs(NOW_MS - DAY_MS) };
  const run = beginRun(db.sqlite, { startedAt: at.startedAt, collector: HOSTILE });
  markCovered(db.sqlite, SOURCE, { from: NOW_MS - 20 * DAY_MS, to: NOW_MS - 2 * DAY_MS });
  const end = { outcome: 'failed', error: HOSTILE } as const;
  const target = { operation: 'ListCommandInvocations', commandId: HOSTILE, instanceId: HOSTILE } as const;
  const sweep = beginSweep(db.sqlite, { runId: run, source: SOURCE, target, startedAt: at.startedAt });
  finishSweep(db.sqlite, sweep, { ...end, finishedAt: at.finishedAt, tally: emptyTally(), requestIds: [HOSTILE] });
  recordRunSource(db.sqlite, run, { ...emptyTally(), ...SOURCE, ...end, ...at, clockSkewMs: 0, alias: HOSTILE });
  finishRun(db.sqlite, run, { finishedAt: at.finishedAt, outcome: 'failed' });
  placeHold(db.sqlite, { ...SOURCE, instanceId: HOSTILE, reason: HOSTILE, placedBy: HOSTILE, placedAt: at.startedAt });
}

function invocation(n: number, status: string) {
  const texts = { DocumentName: HOSTILE, DocumentVersion: HOSTILE, ServiceRole: HOSTILE, TraceOutput: HOSTILE };
  return rawInvocation({
    ...{ CommandId: HOSTILE, InstanceId: HOSTILE + (n || ''), InstanceName: HOSTILE, Comment: HOSTILE, ...texts },
    ...{ Status: status, StatusDetails: status, RequestedDateTime: (NOW_MS - 2 * DAY_MS) / 1000 - n * 60 },
    ...{ StandardOutputUrl: URL_TEXT, StandardErrorUrl: URL_TEXT },
    NotificationConfig: { NotificationArn: HOSTILE, NotificationEvents: [HOSTILE], NotificationType: HOSTILE },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: HOSTILE, CloudWatchOutputEnabled: true },
    CommandPlugins: [step(status, `${n % 3}${HOSTILE}`)],
  });
}

function step(status: string, output: string) {
  return rawPlugin({
    ...{ Name: HOSTILE, Status: status, StatusDetails: status, Output: output },
    ...{ StandardOutputUrl: URL_TEXT, StandardErrorUrl: URL_TEXT },
    ...{ OutputS3Region: HOSTILE, OutputS3BucketName: HOSTILE, OutputS3KeyPrefix: HOSTILE },
  });
}

/** Members that a command has in a listing of commands, but its invocations do not have. */
function command() {
  return {
    ...{ CommandId: HOSTILE, DocumentName: HOSTILE, DocumentVersion: HOSTILE, Comment: HOSTILE, ServiceRole: HOSTILE },
    ...{ Status: HOSTILE, StatusDetails: HOSTILE, RequestedDateTime: (NOW_MS - 2 * DAY_MS) / 1000 },
    ...{ Parameters: { [HOSTILE]: [HOSTILE] }, InstanceIds: [HOSTILE], Targets: [{ Key: HOSTILE, Values: [HOSTILE] }] },
    ...{ OutputS3Region: HOSTILE, OutputS3BucketName: HOSTILE, OutputS3KeyPrefix: HOSTILE },
    ...{ MaxConcurrency: HOSTILE, MaxErrors: HOSTILE, [HOSTILE]: HOSTILE },
  };
}
