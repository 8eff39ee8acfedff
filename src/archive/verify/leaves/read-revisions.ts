import type { Database } from 'better-sqlite3';
import { faultOf } from '../fault.ts';
import { INVOCATION_TEXT, STEPS_TEXT } from './present-texts.ts';

/**
 * A revision with columns of its invocation's row. `isLast`: whether it is the invocation's last revision. `isFirst`:
 * whether it is the first one, and the invocation's row has another time for that.
 */
export interface RevisionRow {
  seq: number;
  invocationId: number;
  accountId: string | null;
  region: string;
  commandId: string;
  instanceId: string;
  observedAt: string;
  status: string | null;
  statusDetails: string | null;
  pluginCount: number;
  batchId: number;
  line: number;
  fingerprint: Buffer | null;
  isFirst: 0 | 1;
  isLast: 0 | 1;
  changedAt: string | null;
  /** Whether the invocation's row has the fingerprint of this revision. */
  isFingerprintSame: 0 | 1;
  /** The rows of the invocation and its steps as texts, for the last revision; null if they have to be read one by one. */
  invocationText: string | null;
  stepsText: string | null;
}

/** How many leaves one SELECT reads: enough that its start costs little, and few enough that their texts need little memory. */
const LEAVES_AT_ONCE = 1024;

/** Only looked up where it matters: if the invocation's row has this revision's time, the first revision may be it. */
const IS_FIRST = `i.first_seen_at IS NOT r.observed_at
  AND NOT EXISTS (SELECT 1 FROM main.revisions b WHERE b.invocation_id = r.invocation_id AND b.seq < r.seq)`;
const IS_LAST = 'NOT EXISTS (SELECT 1 FROM main.revisions n WHERE n.invocation_id = r.invocation_id AND n.seq > r.seq)';
/** A last revision whose row has another time is wrong, and is compared by member: it needs no text. */
const NEEDS_TEXT = 'i.changed_at IS r.observed_at';

/**
 * Returns the revisions of a range of leaves in their order. If a value has a type that no row of the archive has, or
 * SQLite can't read a row of an invocation or a step, the revisions around it come without texts.
 */
export function* readRevisions(sqlite: Database, from: number, to: number): Generator<RevisionRow> {
  const withTexts = prepare(sqlite, INVOCATION_TEXT, STEPS_TEXT);
  const without = prepare(sqlite, 'NULL', 'NULL');
  for (let begin = from; begin < to; begin += LEAVES_AT_ONCE) {
    const end = Math.min(begin + LEAVES_AT_ONCE, to);
    let rows: RevisionRow[];
    try {
      rows = withTexts.all(begin, end);
    } catch (error) {
      // Throws if the machine is the cause.
      faultOf(error);
      rows = without.all(begin, end);
    }
    yield* rows;
  }
}

function prepare(sqlite: Database, invocationText: string, stepsText: string) {
  return sqlite.prepare<[number, number], RevisionRow>(
    `SELECT r.seq, r.invocation_id AS invocationId, i.account_id AS accountId, i.region, i.command_id AS commandId,
            i.instance_id AS instanceId, r.observed_at AS observedAt, r.status, r.status_details AS statusDetails,
            r.plugin_count AS pluginCount, r.page_id AS batchId, r.line, r.fingerprint, ${IS_FIRST} AS isFirst,
            ${IS_LAST} AS isLast, i.changed_at AS changedAt, r.fingerprint IS i.fingerprint AS isFingerprintSame,
            iif(${NEEDS_TEXT}, ${invocationText}, NULL) AS invocationText,
            iif(${NEEDS_TEXT}, ${stepsText}, NULL) AS stepsText
       FROM main.revisions r LEFT JOIN main.invocations i ON i.id = r.invocation_id
      WHERE r.seq > ? AND r.seq <= ? ORDER BY r.seq`,
  );
}
