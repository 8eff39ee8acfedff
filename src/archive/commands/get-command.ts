import type { Database } from 'better-sqlite3';
import { prepareOnce } from '../../db/prepare-once.ts';
import { MAY_HAVE_RUN } from '../../db/sql/skipped-sql.ts';
import { withPastTables } from '../invocations/as-of.ts';
import { type InvocationTables, PRESENT } from '../invocations/invocation-filter.ts';
import { commandAt } from './command-at.ts';
import {
  COMMAND_COLUMNS,
  type CommandRow,
  type CommandView,
  commandView,
  createCommandCounter,
} from './command-view.ts';
import { getSender } from './get-sender.ts';
import type { CommandKey } from './shown-command.ts';

/**
 * A step of a command over all of its nodes: the output that most nodes printed, and how many nodes printed something
 * else.
 */
export interface StepSummary {
  position: number;
  name: string | null;
  /** All nodes that have the step, including those on which the agent skipped it. */
  nodes: number;
  skippedNodes: number;
  distinctOutputs: number;
  commonOutput: { sha256: string; nodes: number; output: string } | null;
  outlierCount: number;
}

/** A node whose output of a step is not the most common one. */
export interface Outlier {
  position: number;
  name: string | null;
  instanceId: string;
  instanceName: string | null;
  status: string | null;
  statusDetails: string | null;
  responseCode: number | null;
  outputSha256: string | null;
}

export interface CommandDetail extends CommandView {
  byStatusDetails: Record<string, number>;
  startedAt: string | null;
  finishedAt: string | null;
  steps: StepSummary[];
  /** The first MOST_OUTLIERS outliers. `steps` has the number of all outliers. */
  outliers: Outlier[];
}

const MOST_OUTLIERS = 1000;

/**
 * A summary of a command over its invocations, as last seen or as the archive knew all of them at `asOf` (ISO time).
 * Undefined if the archive does not have (or at `asOf` did not have) the command.
 */
export function getCommand(
  sqlite: Database,
  { accountId, region, commandId, asOf }: CommandKey & { asOf?: string | undefined },
): CommandDetail | undefined {
  const key = { accountId, region, commandId };
  return sqlite.transaction((): CommandDetail | undefined => {
    const row = prepareOnce<unknown[], CommandRow>(
      sqlite,
      `SELECT ${COMMAND_COLUMNS} FROM commands c WHERE c.account_id = ? AND c.region = ? AND c.command_id = ?`,
    ).get(accountId, region, commandId);
    if (!row) return undefined;
    if (asOf === undefined)
      return summarize(sqlite, commandView(row, createCommandCounter(sqlite)(key), getSender(sqlite, key)), PRESENT);
    return withPastTables(sqlite, (past) => {
      const then = commandAt(sqlite, row, asOf, past);
      return then && summarize(sqlite, then, past);
    });
  })();
}

function summarize(sqlite: Database, command: CommandView, tables: InvocationTables): CommandDetail {
  const { accountId, region, commandId } = command;
  const scope: Scope = { key: { accountId, region, commandId }, tables };
  const steps = readSteps(sqlite, scope);
  return {
    ...command,
    ...readTimes(sqlite, scope),
    byStatusDetails: readStatusDetails(sqlite, scope),
    steps: steps.map(({ commonOutputId, ...step }) => ({
      ...step,
      commonOutput:
        commonOutputId === null
          ? null
          : readOutput(sqlite, commonOutputId, step.nodes - step.skippedNodes - step.outlierCount),
    })),
    outliers: steps.flatMap((step) => readOutliers(sqlite, scope, step)).slice(0, MOST_OUTLIERS),
  };
}

/** A command, and the tables that have its invocations and their steps. */
interface Scope {
  key: CommandKey;
  tables: InvocationTables;
}

function invocationsOf({ invocations }: InvocationTables): string {
  // Without this, SQLite may choose an index with fewer columns.
  return invocations === PRESENT.invocations ? `${invocations} i INDEXED BY invocations_key` : `${invocations} i`;
}

function stepsOf(tables: InvocationTables): string {
  return `${invocationsOf(tables)} JOIN ${tables.plugins} p ON p.invocation_id = i.id
    WHERE i.command_id = :commandId AND i.account_id = :accountId AND i.region = :region`;
}

type Step = Omit<StepSummary, 'commonOutput'> & { commonOutputId: number | null };

/**
 * If several outputs are equally common, that of the node which was seen first counts as the common one. A step without output is left
 * out. The agent's message about a skipped step is not an output of the step.
 */
function readSteps(sqlite: Database, { key, tables }: Scope): Step[] {
  return prepareOnce<[object], Step>(
    sqlite,
    `WITH counted AS (
       SELECT p.position, p.name, CASE WHEN ${MAY_HAVE_RUN} THEN p.output_id END AS output_id, count(*) AS nodes, min(i.id) AS first_id,
              count(*) FILTER (WHERE p.is_skipped = 1) AS skipped
         FROM ${stepsOf(tables)} GROUP BY 1, 2, 3
     ), ranked AS (
       SELECT *, row_number() OVER (PARTITION BY position, name ORDER BY output_id IS NULL, nodes DESC, first_id) AS rank,
              sum(nodes) OVER (PARTITION BY position, name) AS total,
              sum(skipped) OVER (PARTITION BY position, name) AS skippedNodes,
              count(output_id) OVER (PARTITION BY position, name) AS distinctOutputs FROM counted
     )
     SELECT position, name, total AS nodes, skippedNodes, distinctOutputs, output_id AS commonOutputId,
            CASE WHEN output_id IS NULL THEN 0 ELSE total - skippedNodes - nodes END AS outlierCount
       FROM ranked WHERE rank = 1 ORDER BY position, name`,
  ).all({ ...key });
}

function readOutliers(sqlite: Database, { key, tables }: Scope, step: Step): Outlier[] {
  if (step.outlierCount === 0) return [];
  return prepareOnce<[object], Outlier>(
    sqlite,
    `SELECT p.position, p.name, i.instance_id AS instanceId, i.instance_name AS instanceName, p.status,
            p.status_details AS statusDetails, p.response_code AS responseCode,
            (SELECT lower(hex(o.sha256)) FROM outputs o WHERE o.id = p.output_id) AS outputSha256
       FROM ${stepsOf(tables)} AND p.position = :position AND p.name IS :name AND p.output_id IS NOT :commonOutputId
        AND ${MAY_HAVE_RUN}
      ORDER BY i.instance_id LIMIT ${MOST_OUTLIERS}`,
  ).all({ ...key, position: step.position, name: step.name, commonOutputId: step.commonOutputId });
}

function readOutput(sqlite: Database, id: number, nodes: number) {
  const output = prepareOnce<[number], { sha256: string; output: string }>(
    sqlite,
    'SELECT lower(hex(sha256)) AS sha256, text AS output FROM outputs WHERE id = ?',
  ).get(id);
  return output ? { ...output, nodes } : null;
}

/**
 * When the command's first step began and its last step ended. Skipped steps are ignored, and so is 1970-01-01, which
 * the service sends instead of a time that is not known yet.
 */
function readTimes(sqlite: Database, { key, tables }: Scope) {
  const times = prepareOnce<[object], { startedAt: string | null; finishedAt: string | null }>(
    sqlite,
    `SELECT min(p.started_at) FILTER (WHERE p.started_at > '1970-01-01T00:00:00.000Z') AS startedAt,
            max(p.finished_at) FILTER (WHERE p.finished_at > '1970-01-01T00:00:00.000Z') AS finishedAt FROM ${stepsOf(tables)} AND ${MAY_HAVE_RUN}`,
  ).get({ ...key });
  return times ?? { startedAt: null, finishedAt: null };
}

function readStatusDetails(sqlite: Database, { key, tables }: Scope): Record<string, number> {
  // A missing text and an empty text are shown in the same way, so they count as one group.
  const rows = prepareOnce<[object], { details: string; count: number }>(
    sqlite,
    `SELECT coalesce(i.status_details, '') AS details, count(*) AS count FROM ${invocationsOf(tables)}
      WHERE i.command_id = :commandId AND i.account_id = :accountId AND i.region = :region GROUP BY 1 ORDER BY 1`,
  ).all({ ...key });
  return Object.fromEntries(rows.map(({ details, count }) => [details, count]));
}
