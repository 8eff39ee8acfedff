import type { Database } from 'better-sqlite3';
import { listTombstones } from '../../archive/checkpoints/list-tombstones.ts';
import { findCommands } from '../../archive/commands/find-commands.ts';
import { getCommand } from '../../archive/commands/get-command.ts';
import { listCommands } from '../../archive/commands/list-commands.ts';
import { certifyCoverage } from '../../archive/coverage/certificate/certify-coverage.ts';
import { coverageOfBuckets } from '../../archive/coverage/coverage-of-buckets.ts';
import { coverageOfSpan } from '../../archive/coverage/coverage-of-span.ts';
import { lastLooks } from '../../archive/coverage/last-looks.ts';
import { readCoverage } from '../../archive/coverage/read-coverage.ts';
import { soonForgotten } from '../../archive/coverage/soon-forgotten.ts';
import { hasCommands } from '../../archive/evidence/commands/commands-of-pack.ts';
import { exportList } from '../../archive/exports/export-list.ts';
import { readLake } from '../../archive/figures/read-lake.ts';
import { readMetrics } from '../../archive/figures/read-metrics.ts';
import { readSources } from '../../archive/figures/read-sources.ts';
import { readStats } from '../../archive/figures/read-stats.ts';
import { exportInvocations } from '../../archive/invocations/export-invocations.ts';
import { findInvocations } from '../../archive/invocations/find-invocations.ts';
import { listInvocations } from '../../archive/invocations/list-invocations.ts';
import { listStates } from '../../archive/invocations/list-states.ts';
import { listUnfinished } from '../../archive/invocations/list-unfinished.ts';
import { readComparison } from '../../archive/invocations/read-comparison.ts';
import { getDocument } from '../../archive/nodes/get-document.ts';
import { getInstance } from '../../archive/nodes/get-instance.ts';
import { listDocuments } from '../../archive/nodes/list-documents.ts';
import { listInstances } from '../../archive/nodes/list-instances.ts';
import { listRecentRuns } from '../../archive/nodes/list-recent-runs.ts';
import { suggestValues } from '../../archive/nodes/suggest-values.ts';
import { readOutputPart } from '../../archive/outputs/read-output-part.ts';
import { listRuns, listSweeps } from '../../archive/passes/list-runs.ts';
import { explainEmpty } from '../../archive/values/explain-empty.ts';
import { explainReport } from '../../archive/values/explain-report.ts';
import { resolvePrefix } from '../../archive/values/resolve-prefix.ts';
import { statusValues } from '../../archive/values/status-values.ts';
import { type ReadNonce, readNonce } from '../../db/file-nonce.ts';

/** The reads that a process can be asked for: functions of the archive whose answers are JSON. */
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
  hasCommands,
  explainReport,
  resolvePrefix: (sqlite: Database, { filter, typed }: { filter: 'commandId' | 'instanceId'; typed: string }) =>
    resolvePrefix(sqlite, filter, typed),
  statusValues: (sqlite: Database, _: object) => statusValues(sqlite),
  readStats,
  readComparison,
  listRuns,
  listSweeps,
  listStates,
  readOutputPart,
  listTombstones,
  readCoverage,
  coverageOfSpan,
  coverageOfBuckets,
  lastLooks,
  readLake: (sqlite: Database, _: Record<string, never>) => readLake(sqlite),
  readMetrics,
  certifyCoverage,
  readSources: (sqlite: Database, { nowMs }: { nowMs: number }) => readSources(sqlite, nowMs),
  soonForgotten,
  /** This read needs a process of its own, which ends after the read. */
  readNonce: (sqlite: Database, _: object): ReadNonce & { process: number } => ({
    ...readNonce(sqlite),
    process: process.pid,
  }),
};

/** The streams that a process can be asked for. They yield bytes in chunks, and return the number of rows. */
export const streams = { exportInvocations, exportList };

export type Reads = typeof reads;
export type Streams = typeof streams;
