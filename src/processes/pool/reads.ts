import type { Database } from 'better-sqlite3';
import { certifyCoverage } from '../../archive/certify-coverage.ts';
import { coverageOfBuckets } from '../../archive/coverage/coverage-of-buckets.ts';
import { coverageOfSpan } from '../../archive/coverage/coverage-of-span.ts';
import { lastLooks } from '../../archive/coverage/last-looks.ts';
import { exportInvocations } from '../../archive/export-invocations.ts';
import { exportList } from '../../archive/export-list.ts';
import { findCommands } from '../../archive/find-commands.ts';
import { findInvocations } from '../../archive/find-invocations.ts';
import { getCommand } from '../../archive/get-command.ts';
import { getDocument } from '../../archive/get-document.ts';
import { getInstance } from '../../archive/get-instance.ts';
import { listUnfinished } from '../../archive/invocations/list-unfinished.ts';
import { listCommands } from '../../archive/list-commands.ts';
import { listDocuments } from '../../archive/list-documents.ts';
import { listInstances } from '../../archive/list-instances.ts';
import { listInvocations } from '../../archive/list-invocations.ts';
import { listRecentRuns } from '../../archive/list-recent-runs.ts';
import { listRuns, listSweeps } from '../../archive/list-runs.ts';
import { listStates } from '../../archive/list-states.ts';
import { listTombstones } from '../../archive/list-tombstones.ts';
import { readComparison } from '../../archive/read-comparison.ts';
import { readCoverage } from '../../archive/read-coverage.ts';
import { readMetrics } from '../../archive/read-metrics.ts';
import { readStats } from '../../archive/read-stats.ts';
import { explainEmpty } from '../../archive/seen/explain-empty.ts';
import { explainReport } from '../../archive/seen/explain-report.ts';
import { resolvePrefix } from '../../archive/seen/resolve-prefix.ts';
import { statusValues } from '../../archive/seen/status-values.ts';
import { soonForgotten } from '../../archive/soon-forgotten.ts';
import { readSources } from '../../archive/status/read-sources.ts';
import { suggestValues } from '../../archive/suggest-values.ts';
import { type ReadNonce, readNonce } from '../../db/file-nonce.ts';

/** What a reader can be asked for: a verb of the archive, its answer as JSON. */
export const reads = {
  listInvocations,
  listUnfinished,
  findInvocations,
  findCommands,
  listCommands,
  getCommand,
  listInstances,
  getInstance,
  listDocuments,
  getDocument,
  listRecentRuns,
  suggestValues,
  explainEmpty,
  explainReport,
  resolvePrefix: (sqlite: Database, { filter, typed }: { filter: 'commandId' | 'instanceId'; typed: string }) =>
    resolvePrefix(sqlite, filter, typed),
  statusValues: (sqlite: Database, _: object) => statusValues(sqlite),
  readStats,
  readComparison,
  listRuns,
  listSweeps,
  listStates,
  listTombstones,
  readCoverage,
  coverageOfSpan,
  coverageOfBuckets,
  lastLooks,
  readMetrics,
  certifyCoverage,
  readSources: (sqlite: Database, { nowMs }: { nowMs: number }) => readSources(sqlite, nowMs),
  soonForgotten,
  /** For a process of its own, which is ended behind it. */
  readNonce: (sqlite: Database, _: object): ReadNonce & { process: number } => ({
    ...readNonce(sqlite),
    process: process.pid,
  }),
};

/** What a reader can be asked to write out: bytes in chunks, and at the end how many rows they were. */
export const streams = { exportInvocations, exportList };

export type Reads = typeof reads;
export type Streams = typeof streams;
