import type { Database } from 'better-sqlite3';
import { FINAL_LIST } from '../../db/sql/final-sql.ts';
import { IS_OUTPUT_TRUNCATED } from '../../db/sql/is-output-truncated.ts';
import { DENIED } from './queued-outputs.ts';

/** A bucket or a log group that commands named, and how many steps with a cut output have theirs there. */
export interface NamedPlace {
  name: string;
  steps: number;
}

/** What fetching full outputs would be about. */
export interface CutOutputs {
  /** Final steps, and how many of them have an output that was cut and of which nothing was fetched. */
  steps: number;
  cut: number;
  /** The places that most of the cut steps named, those with the most steps first. */
  buckets: NamedPlace[];
  logGroups: NamedPlace[];
}

/** What is queued to be fetched, or was given up. */
export interface QueueCounts {
  waiting: number;
  /** How many of those waiting have a refusal of their place as the reason, whether they were asked themselves or not. */
  denied: number;
  gaveUp: number;
}

const MOST_PLACES = 5;

/** Counts the steps that were cut, of invocations that were requested since an ISO time. Reads every such step. */
export function readCutOutputs(sqlite: Database, since: string): CutOutputs {
  const steps = sqlite
    .prepare<[string], number>(
      `SELECT count(*) FROM main.invocations i JOIN main.plugins p ON p.invocation_id = i.id
        WHERE i.requested_at >= ? AND i.status IN ${FINAL_LIST}`,
    )
    .pluck()
    .get(since);
  const cut = `FROM main.invocations i JOIN main.plugins p ON p.invocation_id = i.id JOIN main.outputs o ON o.id = p.output_id
    WHERE i.requested_at >= :since AND i.status IN ${FINAL_LIST} AND (${IS_OUTPUT_TRUNCATED})
      AND NOT EXISTS (SELECT 1 FROM main.full_outputs f WHERE f.invocation_id = i.id AND f.position = p.position)`;
  const count = sqlite.prepare<[object], number>(`SELECT count(*) ${cut}`).pluck().get({ since });
  const places = (name: string, has: string) =>
    sqlite
      .prepare<[object], NamedPlace>(
        `SELECT ${name} AS name, count(*) AS steps ${cut} AND ${has} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${MOST_PLACES}`,
      )
      .all({ since });
  return {
    steps: steps ?? 0,
    cut: count ?? 0,
    buckets: places('p.output_s3_bucket_name', "p.output_s3_bucket_name <> ''"),
    // Without a name, the agent writes to the group of the document.
    logGroups: places(
      "coalesce(nullif(i.cloudwatch_log_group, ''), '/aws/ssm/' || i.document_name)",
      'i.is_cloudwatch_output_enabled = 1',
    ),
  };
}

/** Counts the queue of full outputs. */
export function countQueue(sqlite: Database): QueueCounts {
  const counts = sqlite
    .prepare<[object], QueueCounts>(
      `SELECT count(*) FILTER (WHERE gave_up_at IS NULL) AS waiting,
              count(*) FILTER (WHERE gave_up_at IS NULL AND (is_denied OR substr(last_error, 1, length(:denied)) = :denied)) AS denied,
              count(*) FILTER (WHERE gave_up_at IS NOT NULL) AS gaveUp FROM main.output_queue`,
    )
    .get({ denied: DENIED });
  return counts ?? { waiting: 0, denied: 0, gaveUp: 0 };
}
