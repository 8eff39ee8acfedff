import { SKIP_MESSAGES } from '../../model/skipped-steps.ts';

const blob = (text: string) => `CAST('${text}' AS BLOB)`;
const length = (text: string) => Buffer.byteLength(text);

const forms = SKIP_MESSAGES.map(({ start, end }) => {
  const begins = `substr(CAST(o.text AS BLOB), 1, ${length(start)}) IS ${blob(start)}`;
  return end === undefined ? begins : `${begins} AND substr(CAST(o.text AS BLOB), -${length(end)}) IS ${blob(end)}`;
});

/**
 * Whether an output, a row o of outputs, is what the agent says of a step that it skipped: isSkipMessage of
 * src/model/skipped-steps.ts. Bytes are compared, since SQL's functions of text stop at a NUL; and by IS, since a
 * part of an empty text is NULL. Migration 0011 has the same words, and test/db holds it to them.
 */
export const IS_SKIP_MESSAGE = `(${forms.join('\n\tOR ')})
	AND instr(CAST(o.text AS BLOB), x'0A') = 0 AND instr(CAST(o.text AS BLOB), x'0D') = 0`;

/** SQL of a step's members. */
interface StepSql {
  status: string;
  responseCode: string;
  outputId: string;
  isOutputPruned: string;
}

/** What plugins.is_skipped must be: 0 or 1, or NULL where only an output that was pruned would say it. */
export function wasSkippedSql({ status, responseCode, outputId, isOutputPruned }: StepSql): string {
  const message = `(SELECT ${IS_SKIP_MESSAGE} FROM main.outputs o WHERE o.id = ${outputId})`;
  return `CASE WHEN ${status} IS NOT 'Success' OR ${responseCode} IS NOT 0 THEN 0
		WHEN ${isOutputPruned} THEN NULL ELSE coalesce(${message}, 0) END`;
}

/** That a step p is one that ran, as far as is known. Steps are counted as skipped by the column alone. */
export const MAY_HAVE_RUN = 'p.is_skipped IS NOT 1';
