import { SHOWN_IF_SKIPPED, SKIP_MESSAGES } from '../../model/skipped-steps.ts';

const blob = (text: string) => `CAST('${text}' AS BLOB)`;
const length = (text: string) => Buffer.byteLength(text);

const forms = SKIP_MESSAGES.map(({ start, end }) => {
  const begins = `substr(CAST(o.text AS BLOB), 1, ${length(start)}) IS ${blob(start)}`;
  return end === undefined ? begins : `${begins} AND substr(CAST(o.text AS BLOB), -${length(end)}) IS ${blob(end)}`;
});

/**
 * SQL: whether an output, a row o of outputs, is the agent's message about a step that it skipped, like isSkipMessage
 * in src/model/skipped-steps.ts. Bytes are compared, because SQL's text functions stop at a NUL. They are compared with
 * IS, because substr() of an empty BLOB is NULL. Migration 0011 contains the same SQL; a test in test/db checks that.
 */
export const IS_SKIP_MESSAGE = `(${forms.join('\n\tOR ')})
	AND instr(CAST(o.text AS BLOB), x'0A') = 0 AND instr(CAST(o.text AS BLOB), x'0D') = 0`;

/** SQL expressions for a step's members. */
interface StepSql {
  status: string;
  responseCode: string;
  outputId: string;
  isOutputPruned: string;
}

/**
 * Returns the value that plugins.is_skipped must have: 0 or 1, or NULL if only an output that was pruned would show it.
 */
export function wasSkippedSql({ status, responseCode, outputId, isOutputPruned }: StepSql): string {
  const message = `(SELECT ${IS_SKIP_MESSAGE} FROM outputs o WHERE o.id = ${outputId})`;
  const shown = SHOWN_IF_SKIPPED;
  return `CASE WHEN ${status} IS NOT '${shown.status}' OR ${responseCode} IS NOT ${shown.responseCode} THEN 0
		WHEN ${isOutputPruned} THEN NULL ELSE coalesce(${message}, 0) END`;
}

/** SQL: whether a step p ran, as far as is known. Only the column decides which steps count as skipped. */
export const MAY_HAVE_RUN = 'p.is_skipped IS NOT 1';
