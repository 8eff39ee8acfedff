import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { afterAll, beforeAll } from 'vitest';
import { createSenderRecorder } from '../../../src/archive/record/record-senders.ts';
import { addFunctions } from '../../../src/db/functions/add-functions.ts';
import { openArchive } from '../../../src/db/open.ts';
import type { CommandInvocationRecord } from '../../../src/http/aws/records.ts';
import { runPass } from '../../../src/ingest/run-pass.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import type { CommandSender } from '../../../src/model/command-sender.ts';
import { bindReport } from '../../../src/questions/reports/bind-report.ts';
import type { Report } from '../../../src/questions/reports/report.ts';
import { startSimulator } from '../../../src/simulator/start-simulator.ts';
import { readSender } from '../../../src/upstream/trail/read-sender.ts';
import { configOf } from '../../service/start-server.ts';

export const NOW = new Date('2026-03-31T12:00:00.000Z');
/** Two accounts, one of them with two regions. */
export const PLACES = [
  { accountId: '111122223333', region: 'eu-west-1' },
  { accountId: '111122223333', region: 'us-east-1' },
  { accountId: '444455556666', region: 'eu-west-1' },
] as const;

export type Row = Record<string, unknown>;

/** An invocation of the simulator, with the archive's names and forms of time. */
export interface Seen {
  accountId: string;
  region: string;
  commandId: string;
  instanceId: string;
  instanceName: string | null;
  comment: string | null;
  documentName: string | null;
  documentVersion: string | null;
  requestedAt: string;
  status: string | null;
  statusDetails: string | null;
  steps: SeenStep[];
}

export interface SeenStep {
  position: number;
  name: string | null;
  status: string | null;
  code: number | null;
  startedAt: string;
  finishedAt: string;
  output: string | null;
}

/** The answer of a report with these values at NOW, on a connection that can't write. */
export function ask(path: string, report: Report, given: Record<string, string> = {}): Row[] {
  const sqlite = new SQLite(path, { readonly: true, fileMustExist: true });
  try {
    addFunctions(sqlite);
    return sqlite.prepare<[object], Row>(report.sql).all(bindReport(report, given, NOW));
  } finally {
    sqlite.close();
  }
}

/**
 * One archive for all tests of the file, filled by a real pass over the simulator, and the simulator's own data. For
 * the last account and region no senders are known.
 */
export function simulatedArchive(): { path: string; seen: Seen[]; senders: CommandSender[] } {
  const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-reports-'));
  const trial = { path: join(folder, 'archive.db'), seen: [] as Seen[], senders: [] as CommandSender[] };
  beforeAll(async () => {
    const accounts = [
      { accountId: '111122223333', regions: ['eu-west-1', 'us-east-1'] },
      { accountId: '444455556666', regions: ['eu-west-1'] },
    ];
    const simulator = await startSimulator({ accounts, invocations: 3000, longShare: 0.2, now: NOW, clockRate: 0 });
    const db = openArchive(trial.path);
    const sources = accounts.map(({ accountId, regions }) => ({
      ...{ alias: accountId, accountId, regions },
      roleArn: `arn:aws:iam::${accountId}:role/ssm-archive`,
    }));
    try {
      const { outcome } = await runPass({
        db,
        config: { ...configOf(trial.path, simulator.url), sources },
        log: createLogger('silent'),
        now: simulator.clock.now,
        random: () => 0.01,
        signal: new AbortController().signal,
      });
      if (outcome !== 'complete') throw new Error(`The pass was ${outcome}.`);
      for (const place of PLACES) {
        for (const record of simulator.truth(place.accountId, place.region)) trial.seen.push(seenOf(place, record));
      }
      const events = PLACES.slice(0, -1).flatMap((place) => [...simulator.sendEvents(place.accountId, place.region)]);
      for (const sender of events.map(readSender))
        if (sender !== undefined && sender !== 'unreadable') trial.senders.push(sender);
      createSenderRecorder(db.sqlite)(trial.senders);
    } finally {
      db.close();
      await simulator.close();
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return trial;
}

function seenOf(place: { accountId: string; region: string }, record: CommandInvocationRecord): Seen {
  return {
    accountId: place.accountId,
    region: place.region,
    commandId: record.CommandId,
    instanceId: record.InstanceId,
    instanceName: record.InstanceName ?? null,
    comment: record.Comment ?? null,
    documentName: record.DocumentName ?? null,
    documentVersion: record.DocumentVersion ?? null,
    requestedAt: timeOf(record.RequestedDateTime),
    status: record.Status ?? null,
    statusDetails: record.StatusDetails ?? null,
    steps: (record.CommandPlugins ?? []).map((step, position) => ({
      position,
      name: step.Name ?? null,
      status: step.Status ?? null,
      code: step.ResponseCode ?? null,
      startedAt: timeOf(step.ResponseStartDateTime),
      finishedAt: timeOf(step.ResponseFinishDateTime),
      output: step.Output ?? null,
    })),
  };
}

function timeOf(seconds: number | undefined): string {
  return new Date(Math.round((seconds ?? Number.NaN) * 1000)).toISOString();
}

/** Sorts by these keys like SQLite's BINARY: numbers before texts, NULL before both, texts by their code points. */
export function inOrder<T>(rows: readonly T[], ...keys: ((row: T) => string | number | null)[]): T[] {
  return [...rows].sort((a, b) => {
    for (const key of keys) {
      const [x, y] = [key(a), key(b)];
      if (x === y) continue;
      if (x === null || y === null) return x === null ? -1 : 1;
      return x < y ? -1 : 1;
    }
    return 0;
  });
}

/** Groups in the order of their first members. */
export function groupBy<T>(rows: Iterable<T>, keyOf: (row: T) => unknown): T[][] {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = JSON.stringify(keyOf(row));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}
