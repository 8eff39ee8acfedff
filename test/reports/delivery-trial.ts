import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { createSingleReplyRecorder } from '../../src/archive/record/record-replies.ts';
import { openArchiveReadOnly } from '../../src/db/open.ts';
import type { LakeSql } from '../../src/processes/sql/create-lake-sql.ts';
import { createSqlPool } from '../../src/processes/sql/create-sql-pool.ts';
import type { Report, ReportDelivery } from '../../src/questions/reports/report.ts';
import type { DeliverReportDeps } from '../../src/reports/deliveries/deliver-report.ts';
import { type Members, page, rawInvocation } from '../archive/raw-invocation.ts';
import { builtProgram } from '../built-program.ts';
import { tempArchive, tempFolder } from '../db/temp-archive.ts';
import { memoryLog } from '../memory-log.ts';

export const NOW = new Date('2026-03-31T12:00:00.000Z');

/** A query that returns rows without end. */
export const ENDLESS: Report = {
  ...{ name: 'endless', description: 'All numbers.', parameters: [] },
  sql: 'WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c',
};

/** An archive, the processes that answer SQL on it, and a folder for reports that does not exist yet. */
export function deliveryTrial(configured: readonly Report[], lake?: LakeSql) {
  const db = tempArchive();
  const archive = openArchiveReadOnly(db.sqlite.name);
  const { log, logged } = memoryLog();
  const pool = createSqlPool({
    ...{ archivePath: db.sqlite.name, readers: 4, memoryBytes: 536_870_912, longestMs: 60_000, log },
    program: builtProgram('sql-reader'),
  });
  onTestFinished(async () => {
    await pool.close();
    archive.close();
  });
  const folder = tempFolder();
  const directory = join(folder, 'made', 'when needed');
  const recordReply = createSingleReplyRecorder(db.sqlite);
  const deps: DeliverReportDeps = {
    sql: { pool, lake, memoryBytes: 536_870_912 },
    ...{ archive: archive.sqlite, now: () => NOW, deadlineMs: 60_000 },
    ...{ configured: { accounts: [], regions: [] }, settlingMs: 900_000 },
    reports: { configured, reportsFile: join(folder, 'reports.yaml') },
    owner: { host: hostname(), pid: process.pid },
  };
  return {
    ...{ db, deps, directory, log, logged },
    record: (raws: readonly Members[]) => recordReply(page(raws.map(rawInvocation))),
    delivery: (report: string, more: Partial<ReportDelivery> = {}): ReportDelivery => ({
      ...{ report, schedule: '* * * * * *', directory, format: 'csv', values: {}, ...more },
    }),
  };
}

const companion = z.looseObject({ file: z.string(), bytes: z.int(), sha256: z.string(), rows: z.int() });

interface Delivered {
  name: string;
  text: string;
  about: z.output<typeof companion>;
}

/**
 * Returns the reports in a folder, each with its companion, except those whose names are known already. Throws if a
 * file and its companion do not match.
 */
export function deliveredIn(directory: string, known: readonly string[] = []): Delivered[] {
  const names = readdirSync(directory).filter(
    (name) => /^[^.].*\.(csv|ndjson|parquet|arrow)$/.test(name) && !known.includes(name),
  );
  return names.sort().map((name) => {
    const bytes = readFileSync(join(directory, name));
    const json = readFileSync(join(directory, name.replace(/\.\w+$/, '.json')), 'utf8');
    const about = companion.parse(JSON.parse(json));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const facts = { file: name, bytes: bytes.length, sha256 };
    for (const [key, value] of Object.entries(facts)) {
      if (about[key] !== value) throw new Error(`${name} is not what its companion says: ${key} is ${value}`);
    }
    return { name, text: bytes.toString(), about };
  });
}
