import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { kindOfStatus } from '../../model/final-status.ts';
import type { CommandKey } from '../commands/shown-command.ts';
import { wholeFrom } from '../sealed/whole-from.ts';
import { type StatusCount, type StatusCounts, sumByStatus } from '../shared/status-counts.ts';
import type { InstanceKey } from './list-instances.ts';
import { type RunTimes, readRunTimes } from './read-run-times.ts';

/** One command that ran the document, summed up over the nodes of the command. */
export interface DocumentRun extends CommandKey, RunTimes {
  documentVersion: string | null;
  comment: string | null;
  requestedAt: string | null;
  invocations: number;
  byStatus: StatusCounts;
}

/** A node, and how each of the runs ended on it; null for a run that did not include the node. */
export interface DocumentNode extends InstanceKey {
  instanceName: string | null;
  statuses: (string | null)[];
}

export interface DocumentDetail {
  documentName: string;
  firstRequestedOn: string | null;
  lastRequestedOn: string | null;
  lastRequestedAt: string | null;
  invocations: number;
  byStatus: StatusCounts;
  /** The newest runs, in descending order of time. */
  runs: DocumentRun[];
  /** The nodes with the most unsuccessful runs, these first; no more nodes than were requested. */
  nodes: DocumentNode[];
  /** How many nodes the runs had in all. */
  nodesInAll: number;
  /** The first day from which the runs are whole; undefined if none of the newest can be missing. Numbers are whole. */
  wholeFrom: string | undefined;
}

export interface DocumentQuery {
  documentName: string;
  /** At most this many runs, and this many nodes, are returned. */
  runs: number;
  nodes: number;
}

interface RunRow extends CommandKey {
  documentVersion: string | null;
  comment: string | null;
  requestedAt: string | null;
}

type NodeRow = InstanceKey & { instanceName: string | null; status: string | null };

/** The newest runs of a document, and the nodes of these runs; undefined if the archive has no run of it. */
export function getDocument(
  sqlite: Database,
  { documentName, runs, nodes }: DocumentQuery,
): DocumentDetail | undefined {
  return sqlite.transaction((): DocumentDetail | undefined => {
    const newest = newestRuns(sqlite, documentName, runs);
    const totals = readTotals(sqlite, documentName);
    if (newest.length === 0 && totals.invocations === 0) return undefined;
    const nodesOf = prepareOnce<[string, string, string], NodeRow>(
      sqlite,
      `SELECT account_id AS accountId, region, instance_id AS instanceId, instance_name AS instanceName, status
         FROM invocations INDEXED BY invocations_key WHERE command_id = ? AND account_id = ? AND region = ?`,
    );
    const byNode = new Map<string, DocumentNode>();
    const shown = newest.map((run, n): DocumentRun => {
      const rows = nodesOf.all(run.commandId, run.accountId, run.region);
      for (const { status, ...node } of rows) {
        const key = JSON.stringify([node.accountId, node.region, node.instanceId]);
        const known = byNode.get(key) ?? { ...node, statuses: newest.map(() => null) };
        known.statuses[n] = status ?? '';
        byNode.set(key, known);
      }
      const counts = rows.map(({ status }): StatusCount => ({ status, count: 1 }));
      return { ...run, ...sumByStatus(counts), ...readRunTimes(sqlite, run) };
    });
    const worst = [...byNode.values()].sort(
      (a, b) => failures(b) - failures(a) || (a.instanceId < b.instanceId ? -1 : 1),
    );
    return {
      documentName,
      ...totals,
      lastRequestedAt: newest[0]?.requestedAt ?? null,
      ...{ runs: shown, nodes: worst.slice(0, nodes), nodesInAll: byNode.size },
      wholeFrom: newest.length < runs ? wholeFrom(sqlite) : wholeFrom(sqlite, newest.at(-1)?.requestedAt ?? undefined),
    };
  })();
}

function failures({ statuses }: DocumentNode): number {
  return statuses.filter((status) => kindOfStatus(status) === 'bad').length;
}

/**
 * Reads invocations in the order of an index. The invocations of one command are next to each other there, so hardly
 * any other rows are read.
 */
function newestRuns(sqlite: Database, documentName: string, most: number): RunRow[] {
  const runs = new Map<string, RunRow>();
  const rows = prepareOnce<[string], RunRow>(
    sqlite,
    `SELECT account_id AS accountId, region, command_id AS commandId, document_version AS documentVersion, comment,
            requested_at AS requestedAt
       FROM invocations INDEXED BY invocations_document WHERE document_name = ? ORDER BY requested_at DESC`,
  ).iterate(documentName);
  for (const row of rows) {
    const key = JSON.stringify([row.accountId, row.region, row.commandId]);
    if (runs.has(key)) continue;
    if (runs.size === most) break;
    runs.set(key, row);
  }
  return [...runs.values()];
}

function readTotals(sqlite: Database, documentName: string) {
  const rows = prepareOnce<[string], StatusCount & { firstDay: string | null; lastDay: string | null }>(
    sqlite,
    `SELECT status, sum(invocations) AS count, min(day) AS firstDay, max(day) AS lastDay FROM daily_counts
      WHERE document_name = ? AND invocations > 0 GROUP BY status ORDER BY status`,
  ).all(documentName);
  const days = rows.flatMap(({ firstDay, lastDay }) => (firstDay && lastDay ? [firstDay, lastDay] : [])).sort();
  return { firstRequestedOn: days[0] ?? null, lastRequestedOn: days.at(-1) ?? null, ...sumByStatus(rows) };
}
