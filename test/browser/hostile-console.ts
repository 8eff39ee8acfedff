import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeHold } from '../../src/archive/holds/place-hold.ts';
import { indexOutputs } from '../../src/archive/index-outputs.ts';
import { markCovered } from '../../src/archive/mark-covered.ts';
import { createPageRecorder } from '../../src/archive/record-page.ts';
import { beginRun, emptyTally, finishRun, recordRunSource } from '../../src/archive/record-run.ts';
import { createSenderRecorder } from '../../src/archive/record-senders.ts';
import { type ArchiveDb, openArchive } from '../../src/db/open.ts';
import { DAY_MS, isoFromMs } from '../../src/lib/time.ts';
import { page, rawInvocation, rawPlugin } from '../archive/raw-invocation.ts';
import { MONTH_END } from '../simulator/collect-month.ts';
import { type Server, startServer } from './start-server.ts';

/**
 * Everything that a page, a terminal or a spreadsheet could take for something else than text: ends of what it may stand in, elements
 * that run scripts, a formula, escapes that clear a screen and make links, a NUL, and marks that turn text round.
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
const NOW_MS = MONTH_END.getTime();
const NODES = 12;

/** The built server on an archive in which each text is `HOSTILE`, or begins so. It has nothing to collect from. */
export async function startHostileConsole(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-hostile-'));
  const archive = join(folder, 'archive.db');
  const db = openArchive(archive);
  await fill(db);
  db.close();
  writeFileSync(join(folder, 'archive.yaml'), JSON.stringify({ sources: [{ alias: 'none', regions: ['eu-west-1'] }] }));
  const server = await startServer({
    archive,
    now: MONTH_END,
    // Nothing listens there.
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
  const recordPage = createPageRecorder(db.sqlite);
  for (const [seen, status] of ['InProgress', HOSTILE].entries()) {
    const raws = Array.from({ length: NODES }, (_, n) => invocation(n, status));
    recordPage(page(raws, { source: SOURCE, observedAt: isoFromMs(NOW_MS - DAY_MS + seen * 60_000) }));
  }
  await indexOutputs(db);
  createSenderRecorder(db.sqlite)([
    {
      ...{ ...SOURCE, commandId: HOSTILE, eventId: HOSTILE, eventAt: isoFromMs(NOW_MS - DAY_MS) },
      ...{ principalType: HOSTILE, principalArn: HOSTILE, principalId: HOSTILE, sessionIssuerArn: HOSTILE },
      ...{ invokedBy: HOSTILE, sourceIpAddress: HOSTILE, userAgent: HOSTILE, isMfaAuthenticated: 0 },
    },
  ]);
  const at = { startedAt: isoFromMs(NOW_MS - DAY_MS), finishedAt: isoFromMs(NOW_MS - DAY_MS) };
  const run = beginRun(db, { startedAt: at.startedAt, collector: HOSTILE });
  markCovered(db, SOURCE, { from: NOW_MS - 20 * DAY_MS, to: NOW_MS - 2 * DAY_MS });
  const end = { outcome: 'failed', error: HOSTILE, clockSkewMs: 0 } as const;
  recordRunSource(db, run, { ...emptyTally(), ...SOURCE, ...end, ...at, alias: HOSTILE });
  finishRun(db, run, { finishedAt: at.finishedAt, outcome: 'failed' });
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
    CommandPlugins: [
      rawPlugin({
        ...{ Name: HOSTILE, Status: status, StatusDetails: status, Output: `${n % 3}${HOSTILE}` },
        ...{ StandardOutputUrl: URL_TEXT, StandardErrorUrl: URL_TEXT },
        ...{ OutputS3Region: HOSTILE, OutputS3BucketName: HOSTILE, OutputS3KeyPrefix: HOSTILE },
      }),
    ],
  });
}
