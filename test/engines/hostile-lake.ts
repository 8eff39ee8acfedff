import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openArchive } from '../../src/archive/file/open-archive.ts';
import { settleArchiveNumber } from '../../src/archive/number/settle-archive-number.ts';
import { recordFullOutputs } from '../../src/archive/record/record-full-outputs.ts';
import { createListedCommandRecorder } from '../../src/archive/record/record-listed-commands.ts';
import { createRepliesRecorder } from '../../src/archive/record/record-replies.ts';
import { createSenderRecorder } from '../../src/archive/record/record-senders.ts';
import { bringIntoLedger } from '../../src/ledger/bring-in.ts';
import { observeCommand } from '../../src/upstream/replies/observe-command.ts';
import { type Members, OBSERVED_AT, page, rawInvocation, rawPlugin, SOURCE } from '../archive/raw-invocation.ts';
import { sealOneDay } from '../lake/seal-one-day.ts';

/** Texts that a program which reads or prints SQL, CSV or JSON may take for something else than text. */
export const HOSTILE_TEXTS = [
  'a\0b\0',
  `'"\`\\'' -- ; /* */ $\{x} %s {} \\N \\u0041`,
  '\u{1f680} é e\u0301 \u{10ffff} \ufffd \u2028 \u202e \ufeff',
  'a lone \ud83d surrogate',
  '\r\n\t\u0001\u007f \n',
  '',
  ' ',
  'NULL',
  '__HIVE_DEFAULT_PARTITION__',
  '2026-03-01',
  '007',
] as const;

export const MONTH = '2026-03';
/** The second has the largest number that an archive can have, and each has a day that the other has not. */
export const ARCHIVES = [
  { number: 0, source: SOURCE, days: ['2026-03-01', '2026-03-02'] },
  { number: 8191, source: { ...SOURCE, accountId: '444455556666' }, days: ['2026-03-02', '2026-03-03'] },
] as const;
export const DAYS = [...new Set(ARCHIVES.flatMap(({ days }) => days))];
export const RUNS_A_DAY = 30;
type HostileArchive = (typeof ARCHIVES)[number];

const NODES = 7;
const STATUSES = ['Success', 'Failed', 'TimedOut', 'Success'];
const DOCUMENTS = ['AWS-RunShellScript', "Acme-O'Brien", 'AWS-RunPatchBaseline'];
const NOT_YET = -62_135_596_800;
const BIGGEST = Number.MAX_SAFE_INTEGER;
const LONG = 'no space left on device \u{1f4be}\0\n'.repeat(40_000);

/**
 * Makes two archives of values that are hard to carry, and seals their days into one lake. Returns the paths of copies
 * of their files from before any day was sealed.
 */
export async function makeHostileLake(folder: string, lake: string): Promise<string[]> {
  mkdirSync(lake);
  const unsealed: string[] = [];
  for (const [place, archive] of ARCHIVES.entries()) {
    const path = join(folder, `archive-${archive.number}.db`);
    unsealed.push(await makeArchive(path, archive, place * RUNS_A_DAY * archive.days.length));
    const origin = `ssm-archive/${archive.number}`;
    for (const day of archive.days) await sealOneDay(path, lake, day, origin);
  }
  return unsealed;
}

async function makeArchive(path: string, archive: HostileArchive, firstRun: number): Promise<string> {
  const unsealed = `${path}.unsealed`;
  const { sqlite, close } = openArchive(path);
  try {
    bringIntoLedger(sqlite);
    settleArchiveNumber(sqlite, archive.number, OBSERVED_AT);
    record(sqlite, archive, firstRun);
    await sqlite.backup(unsealed);
  } finally {
    close();
  }
  return unsealed;
}

function record(sqlite: Database, { source, days }: HostileArchive, firstRun: number): void {
  const numberOf = (n: number, i: number) => firstRun + n * RUNS_A_DAY + i;
  const raws = days.flatMap((day, n) =>
    Array.from({ length: RUNS_A_DAY }, (_, i) => invocationOf(day, numberOf(n, i))),
  );
  const recordReplies = createRepliesRecorder(sqlite);
  // Seen first while they ran, so that there are earlier states, and outputs that only these have.
  const running = raws.map((raw, i) =>
    i % 5 === 0
      ? { ...raw, Status: 'InProgress', CommandPlugins: [rawPlugin({ Output: `first lines of ${i}` })] }
      : raw,
  );
  recordReplies([page(running, { source })]);
  recordReplies([page(raws, { source, observedAt: '2026-03-04T10:00:00.000Z' })]);
  createListedCommandRecorder(sqlite)(source, OBSERVED_AT, [...new Set(raws.map(commandOf))].map(observeCommand));
  const fetched = { position: 0, provenance: 's3', fetchedAt: OBSERVED_AT, name: HOSTILE_TEXTS[1] } as const;
  const location = { bucket: 'b', key: HOSTILE_TEXTS[2] };
  const first = sqlite.prepare<[], number>('SELECT id FROM invocations ORDER BY id LIMIT 3').pluck().all();
  sqlite.transaction(() => {
    for (const invocationId of first)
      recordFullOutputs(sqlite, { ...fetched, invocationId }, [
        { stream: 'stdout', bytes: Buffer.from(LONG), totalBytes: BIGGEST, cutBy: 'limit', location },
        { stream: 'stderr', bytes: Buffer.from([0, 255, 39]), totalBytes: 3, cutBy: null, location: null },
      ]);
  })();
  sqlite.exec(`INSERT INTO output_queue
    SELECT id, 1, 's3', account_id, region, requested_at, 2, 0, 'it''s "gone"', NULL FROM invocations WHERE id % 9 = 0`);
  createSenderRecorder(sqlite)([
    {
      ...{ ...source, commandId: commandId(firstRun), eventId: 'e1', eventAt: OBSERVED_AT, principalType: 'IAMUser' },
      ...{ principalArn: "arn:aws:iam::111122223333:user/o'brien", principalId: null, sessionIssuerArn: null },
      ...{ invokedBy: null, sourceIpAddress: '198.51.100.7', userAgent: HOSTILE_TEXTS[1], isMfaAuthenticated: null },
    },
  ]);
}

function invocationOf(day: string, i: number): Members {
  const text = HOSTILE_TEXTS[i % HOSTILE_TEXTS.length] ?? '';
  const status = STATUSES[i % STATUSES.length];
  return rawInvocation({
    ...{ CommandId: commandId(i), InstanceId: `i-${i % NODES}`, Status: status, StatusDetails: status },
    ...{ InstanceName: i % 6 === 0 ? undefined : text, Comment: text, DocumentName: DOCUMENTS[i % DOCUMENTS.length] },
    RequestedDateTime: Date.parse(`${day}T0${i % 10}:00:00.000Z`) / 1000 + i / 8,
    CommandPlugins: i % 8 === 7 ? [] : [stepOf(i, text, status), rawPlugin({ Name: 'second', Output: `${i} ${text}` })],
  });
}

function stepOf(i: number, text: string, status: string | undefined): Members {
  return rawPlugin({
    ...{ Status: status, StatusDetails: status, ResponseCode: [0, 1, -1, undefined, BIGGEST][i % 5] },
    ...(i % 4 === 2 && { ResponseStartDateTime: NOT_YET, ResponseFinishDateTime: NOT_YET }),
    ...{ Name: i % 7 === 0 ? text : 'runShellScript', Output: [text, undefined, `ERROR: ${text}`, 'error'][i % 4] },
  });
}

/** Three invocations are of one command. */
function commandId(i: number): string {
  return `${String(Math.floor(i / 3)).padStart(8, '0')}-2222-4333-8444-555555555555`;
}

function commandOf({ CommandId, DocumentName, RequestedDateTime, Comment }: Members): Members {
  return {
    ...{ CommandId, DocumentName, RequestedDateTime, Comment, Status: 'Success', StatusDetails: 'Success' },
    ...{ TargetCount: 3, CompletedCount: 3, ErrorCount: 0, DeliveryTimedOutCount: 0 },
    ...{ Parameters: { commands: [String(Comment)] }, Targets: [{ Key: 'tag:a"b', Values: ["o'c"] }], Unknown: 'new' },
  };
}
