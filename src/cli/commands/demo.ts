import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { readCoverage } from '../../archive/coverage/read-coverage.ts';
import { readStatus } from '../../archive/figures/read-status.ts';
import { readSummary, type SummaryBy } from '../../archive/figures/read-summary.ts';
import { ensureArchive, findPlace, recordsAt } from '../../archive/file/ensure-archive.ts';
import { isOnlyOf } from '../../archive/file/is-only-of.ts';
import { openArchive } from '../../archive/file/open-archive.ts';
import { createSenderRecorder } from '../../archive/record/record-senders.ts';
import type { Config, FullOutputsConfig } from '../../config/config.ts';
import { callOptions, loadConfig } from '../../config/load-config.ts';
import type { ArchiveDb } from '../../db/open.ts';
import { assertStartableWithout } from '../../http/auth/assert-startable.ts';
import { listenFirst } from '../../http/listen-first.ts';
import { awaitFirstReply } from '../../ingest/await-first-reply.ts';
import { runPass } from '../../ingest/run-pass.ts';
import { faultOfSchedule } from '../../ingest/schedule.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { OWN_FILES, ownFileOf, SIGNING_RECORD, TAKEN_OVER } from '../../lib/files/own-files.ts';
import type { Logger } from '../../lib/logger.ts';
import { startService } from '../../service/service.ts';
import { type Simulator, startSimulator } from '../../simulator/start-simulator.ts';
import { readSender } from '../../upstream/trail/read-sender.ts';
import { createProgressDisplay } from '../display/show-progress.ts';
import { logFormOf, openLog } from '../log/open-log.ts';
import { wholeNumber } from '../options/whole-number.ts';
import { createPassesDisplay } from '../serving/passes-display.ts';
import { servingLines } from '../serving/serving-lines.ts';
import { stopSignal, type Terminal } from '../terminal.ts';
import { bytes, count, counted, duration, table } from '../text/format.ts';
import { describePass } from './ingest.ts';

const PLACES = [
  { alias: 'production', accountId: '111122223333', region: 'eu-west-1' },
  { alias: 'staging', accountId: '444455556666', region: 'us-east-1' },
  { alias: 'edge', accountId: '777788889999', region: 'ap-southeast-2' },
];
/**
 * Endings that the names of the files beside the demo's archive had in earlier versions. Now these files are named like
 * those of every archive.
 */
const FORMER_ENDINGS = ['-auth', '-access', '-reports.yaml', '-ledger.key'];
const EXAMPLE = [
  'SELECT document_name, count(*) AS failed, max(requested_at) AS last',
  "  FROM invocations WHERE status = 'Failed' GROUP BY document_name ORDER BY failed DESC LIMIT 5",
] as const;

/** `demo`: shows the whole product without an AWS account. */
export function addDemo(program: Command, terminal: Terminal): void {
  program
    .command('demo')
    .description('simulate three accounts, collect a month of their history over HTTP, then serve')
    .option('--exit', 'end after the summary instead of serving')
    .option('--invocations <number>', 'invocations in the simulated month', '20000')
    .addHelpText('after', '\n--db is the archive of the demo (default: data/demo.db). Each run makes it again.')
    .action(async (options) => {
      const invocations = wholeNumber('--invocations', options.invocations, 10_000_000);
      const { signal, isStopped } = stopSignal(terminal, 'Stopping after the replies in flight.');
      const own = demoConfig(demoFile(callOptions().db ?? join('data', 'demo.db')));
      // All checks that can refuse the call come first. After them, the demo's former archive is removed and a new one
      // is made.
      refuseOthers(own);
      const form = logFormOf(own.log, false, terminal);
      const log = openLog(terminal, 'warn', form);
      if (!options.exit) await refuseServing(own);
      const simulator = await startSimulator({
        accounts: PLACES.map(({ accountId, region }) => ({ accountId, regions: [region] })),
        invocations,
        faults: { throttleRate: 0.02 },
      });
      try {
        const config = atSimulator(own, simulator);
        const unanswered = await awaitFirstReply({ config, now: () => new Date(), random: Math.random, signal });
        if (unanswered !== undefined) {
          terminal.out(describePass(unanswered, terminal));
          process.exitCode = 1;
          return;
        }
        removeFormer(config);
        await ensureArchive(config);
        terminal.note(
          `A synthetic Run Command service with ${counted(PLACES.length, 'account')} listens on ${simulator.url}. Collecting its last 30 days:`,
        );
        recordSenders(config.db, simulator);
        const isCollected = await backfill({ config, signal, log }, terminal);
        if (!isCollected) process.exitCode = 1;
        if (options.exit || signal.aborted || !isCollected) return;
        const now = () => new Date();
        const display = createPassesDisplay(terminal, now);
        const service = await startService({
          ...{ config, log, now },
          watch: {
            onServing: ({ url }) =>
              terminal.note([
                '',
                `Serving on ${url} (the API at /docs) and collecting every minute. Ctrl-C ends the demo.`,
                ...servingLines(config, url),
              ]),
            onPass: display.show,
          },
        });
        display.started(service.nextPass);
        await isStopped;
        await service.stop();
        display.end();
      } finally {
        await simulator.close();
      }
    });
}

/** Full outputs are fetched from all places where the simulated commands have them. */
const DEMO_OUTPUTS: FullOutputsConfig = {
  from: ['get', 'logs', 's3'],
  buckets: ['acme-*'],
  logGroups: ['/aws/ssm/*'],
  callsAPass: 500,
  maxBytes: 2 ** 20,
};

/** Checking the name is already enough to protect most archives that are not the demo's. */
function demoFile(path: string): string {
  const file = resolve(path);
  if (/demo[^/\\]*$/.test(file)) return file;
  throw new UserFault(
    `The demo makes its file again each time, so the file's name must begin with "demo", unlike ${path}. Try data/demo.db.`,
    { exitCode: 2 },
  );
}

/** Throws UserFault if the archive at the path was not made by a demo, or if no archive may be made at the path. */
function refuseOthers(config: Config): void {
  if (findPlace(config) === 'nothing' || isOnlyOf(config.db, PLACES)) return;
  throw new UserFault(
    `${config.db} is an archive that the demo has not made, and it stays as it is. Give another name by --db, such as data/demo-2.db.`,
    { exitCode: 2 },
  );
}

/** Tries, before anything is collected, whether the demo's server can start. Throws UserFault if it can't. */
async function refuseServing(config: Config): Promise<void> {
  assertStartableWithout({ config, now: () => new Date(), isInsecureAllowed: false });
  await (await listenFirst(config)).server.end();
}

/** Removes the archive of an earlier demo and all files that were made beside it. */
function removeFormer(config: Config): void {
  const { db } = config;
  const own = [...Object.values(OWN_FILES), TAKEN_OVER, ...SIGNING_RECORD].map((ending) => ownFileOf(db, ending));
  const records = recordsAt(config).flatMap((record) => [record, `${record}.lock`]);
  for (const each of [db, ...own, ...records, ...FORMER_ENDINGS.map((ending) => db + ending)])
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(each + suffix, { force: true });
}

function demoConfig(db: string): Config {
  const {
    checkpointDirectory: _,
    checkpointBucket: __,
    witnesses: ___,
    tokenFile: ____,
    ...config
  } = loadConfig(faultOfSchedule).config;
  return {
    ...config,
    db,
    // The demo has files of its own: it needs no real token, and adds nothing to the real access log or reports. The
    // real key must never sign invented history, because such checkpoints would be a fork of the real ledger.
    ledgerKey: ownFileOf(db, OWN_FILES.ledgerKey),
    authDb: ownFileOf(db, OWN_FILES.authDb),
    accessDb: ownFileOf(db, OWN_FILES.accessDb),
    reportsFile: ownFileOf(db, OWN_FILES.reportsFile),
    deliveries: [],
    fullOutputs: DEMO_OUTPUTS,
    schedule: '* * * * *',
    sources: PLACES.map(({ alias, accountId, region }) => ({
      alias,
      accountId,
      roleArn: `arn:aws:iam::${accountId}:role/ssm-archive`,
      regions: [region],
    })),
  };
}

function atSimulator(config: Config, { url }: Simulator): Config {
  return { ...config, aws: { endpoint: url, credentials: { accessKeyId: '111122223333', secretAccessKey: 'demo' } } };
}

/** Records who sent the commands, as `import-senders` does from CloudTrail's files. */
function recordSenders(path: string, simulator: Simulator): void {
  const db = openArchive(path);
  const record = createSenderRecorder(db.sqlite);
  for (const { accountId, region } of PLACES) {
    const senders = [...simulator.sendEvents(accountId, region)].map(readSender);
    record(senders.filter((sender) => sender !== undefined && sender !== 'unreadable'));
  }
  db.close();
}

async function backfill(
  { config, signal, log }: { config: Config; signal: AbortSignal; log: Logger },
  terminal: Terminal,
): Promise<boolean> {
  const db = openArchive(config.db);
  const display = createProgressDisplay(terminal);
  try {
    const startedAt = performance.now();
    const deps = { db, config, signal, now: () => new Date(), random: Math.random, log };
    const pass = await runPass(deps, { onEvent: display.show });
    display.end();
    terminal.out(describePass(pass, terminal));
    terminal.out(summary(db, config, performance.now() - startedAt, terminal));
    return pass.outcome === 'complete' && pass.signing.fault === null;
  } finally {
    db.close();
  }
}

function summary(db: ArchiveDb, config: Config, elapsedMs: number, terminal: Terminal): string[] {
  const status = readStatus(db.sqlite, Date.now());
  const group = (title: string, by: SummaryBy) =>
    table(
      [title, 'INVOCATIONS'],
      readSummary(db.sqlite, by).map(({ names, invocations }) => [names.join(' '), invocations]),
      terminal.outWidth,
    );
  const covered = readCoverage(db.sqlite, { nowMs: Date.now(), settlingMs: config.settlingMs }).map(
    ({ accountId, region, covered: spans, edges, gaps }) =>
      `${accountId} ${region}: ${spans.map(({ from, to }) => `${from} to ${to}`).join(', ')}; ${counted(gaps.length, 'gap')}${edges.map(({ from }) => `; also from ${from} on, but later invocations of commands sent before then may be missing`).join('')}`,
  );
  const example = db.sqlite
    .prepare<[], { document_name: string; failed: number; last: string }>(EXAMPLE.join('\n'))
    .all();
  return [
    '',
    ...group('ACCOUNT AND REGION', 'place'),
    '',
    ...group('STATUS', 'status'),
    '',
    ...group('DOCUMENT', 'document'),
    '',
    'Listed completely (a newer span is still settling):',
    ...covered.map((line) => `  ${line}`),
    '',
    `${counted(status.invocations, 'invocation')} with ${counted(status.plugins, 'step')} and ${counted(status.outputs, 'distinct output')} in ${duration(elapsedMs)}: ${bytes(status.fileSizeBytes)}, ${count(Math.round(status.fileSizeBytes / Math.max(1, status.invocations)))} bytes an invocation.`,
    '',
    'A query to try:',
    `  ssm-archive sql --db ${config.db} "${EXAMPLE[0]}`,
    `${EXAMPLE[1]}"`,
    '',
    ...table(
      ['document_name', 'failed', 'last'],
      example.map((row) => [row.document_name, row.failed, row.last]),
      terminal.outWidth,
    ),
  ];
}
