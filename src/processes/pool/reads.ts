import type { Database } from 'better-sqlite3';
import { listTombstones } from '../../archive/checkpoints/list-tombstones.ts';
import { certifyCoverage } from '../../archive/coverage/certificate/certify-coverage.ts';
import { coverageOfBuckets } from '../../archive/coverage/coverage-of-buckets.ts';
import { coverageOfSpan } from '../../archive/coverage/coverage-of-span.ts';
import { lastLooks } from '../../archive/coverage/last-looks.ts';
import { readCoverage } from '../../archive/coverage/read-coverage.ts';
import { soonForgotten } from '../../archive/coverage/soon-forgotten.ts';
import { hasCommands } from '../../archive/evidence/commands/commands-of-pack.ts';
import { readLake } from '../../archive/figures/read-lake.ts';
import { readMetrics } from '../../archive/figures/read-metrics.ts';
import { readSources } from '../../archive/figures/read-sources.ts';
import { readStats } from '../../archive/figures/read-stats.ts';
import { listUnfinished } from '../../archive/invocations/list-unfinished.ts';
import { getDocument } from '../../archive/nodes/get-document.ts';
import { listDocuments } from '../../archive/nodes/list-documents.ts';
import { listInstances } from '../../archive/nodes/list-instances.ts';
import { suggestValues } from '../../archive/nodes/suggest-values.ts';
import { listRuns, listSweeps } from '../../archive/passes/list-runs.ts';
import { explainEmpty } from '../../archive/values/explain-empty.ts';
import { explainReport } from '../../archive/values/explain-report.ts';
import { resolvePrefix } from '../../archive/values/resolve-prefix.ts';
import { statusValues } from '../../archive/values/status-values.ts';
import { compareAll } from '../../archive/whole/compare-all.ts';
import { exportAllInvocations } from '../../archive/whole/export-all-invocations.ts';
import { exportAllList } from '../../archive/whole/export-all-list.ts';
import { findAllCommands } from '../../archive/whole/find-all-commands.ts';
import { findAllInvocations } from '../../archive/whole/find-all-invocations.ts';
import { findAnyInvocation } from '../../archive/whole/find-any-invocation.ts';
import { findAnyOutput, pushAnyOutput, readAnyOutputPart } from '../../archive/whole/find-any-output.ts';
import { getAnyCommand } from '../../archive/whole/get-any-command.ts';
import { getWholeInstance } from '../../archive/whole/get-whole-instance.ts';
import { listAllCommands } from '../../archive/whole/list-all-commands.ts';
import { listAllInvocations } from '../../archive/whole/list-all-invocations.ts';
import { listAllRecentRuns } from '../../archive/whole/list-all-recent-runs.ts';
import { readAllEntries } from '../../archive/whole/read-all-entries.ts';
import { readInvocation } from '../../archive/whole/read-invocation.ts';
import { listAllRevisions, listAllStates } from '../../archive/whole/read-states.ts';
import { type ReadNonce, readNonce } from '../../db/file-nonce.ts';

/** The reads that a process can be asked for: functions of the archive whose answers are JSON. */
export const reads = {
  listInvocations: listAllInvocations,
  readInvocation,
  findAnyInvocation,
  findOutput: findAnyOutput,
  listUnfinished,
  findInvocations: findAllInvocations,
  findCommands: findAllCommands,
  listCommands: listAllCommands,
  getCommand: getAnyCommand,
  listInstances,
  getInstance: getWholeInstance,
  listDocuments,
  getDocument,
  listRecentRuns: listAllRecentRuns,
  suggestValues,
  explainEmpty,
  hasCommands,
  explainReport,
  resolvePrefix: (sqlite: Database, { filter, typed }: { filter: 'commandId' | 'instanceId'; typed: string }) =>
    resolvePrefix(sqlite, filter, typed),
  statusValues: (sqlite: Database, _: object) => statusValues(sqlite),
  readStats,
  readComparison: compareAll,
  listRuns,
  listSweeps,
  listStates: listAllStates,
  listRevisions: listAllRevisions,
  readOutputPart: readAnyOutputPart,
  listTombstones,
  readLedgerEntries: readAllEntries,
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
export const streams = {
  exportInvocations: exportAllInvocations,
  exportList: exportAllList,
  outputText: pushAnyOutput,
};

export type Reads = typeof reads;
export type Streams = typeof streams;
