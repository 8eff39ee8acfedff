import { sql } from 'drizzle-orm';
import { blob, check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { invocations, outputs } from './schema.ts';

/**
 * What a step printed on one stream, fetched because the listing showed only its beginning. Its entry in the ledger has
 * the same seq.
 */
export const fullOutputs = sqliteTable(
  'full_outputs',
  {
    seq: integer().primaryKey(),
    invocationId: integer('invocation_id')
      .notNull()
      .references(() => invocations.id),
    position: integer().notNull(),
    /** The step's name at that time: a later state of the invocation may have another one. */
    name: text(),
    stream: text().notNull(),
    provenance: text().notNull(),
    /** Where it lay, as canonical JSON: the bucket and key, or the log group and stream. NULL for `get`. */
    location: text('location_json'),
    fetchedAt: text('fetched_at').notNull(),
    /** NULL once it was pruned. */
    outputId: integer('output_id').references(() => outputs.id),
    /** How the bytes became the text of the output; src/model/output-bytes.ts turns it back into the bytes. */
    encoding: text().notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    totalBytes: integer('total_bytes'),
    cutBy: text('cut_by'),
    sha256: blob({ mode: 'buffer' }).notNull(),
    /** The secret from which the salts of its commitments are made. */
    salt: blob({ mode: 'buffer' }).notNull(),
  },
  (t) => [
    uniqueIndex('full_outputs_key').on(t.invocationId, t.position, t.stream, t.provenance),
    index('full_outputs_output_id').on(t.outputId),
    check('full_outputs_stream', sql`${t.stream} IN ('stdout', 'stderr')`),
    check('full_outputs_provenance', sql`${t.provenance} IN ('get', 's3', 'logs')`),
    check('full_outputs_encoding', sql`${t.encoding} IN ('utf-8', 'utf-16le', 'utf-16be', 'latin1')`),
    check('full_outputs_cut_by', sql`${t.cutBy} IN ('service', 'limit')`),
    check('full_outputs_size', sql`${t.sizeBytes} >= 0 AND ${t.totalBytes} >= ${t.sizeBytes}`),
  ],
);

/** What is still to be fetched: one row for a step and the place where its output is. */
export const outputQueue = sqliteTable(
  'output_queue',
  {
    invocationId: integer('invocation_id')
      .notNull()
      .references(() => invocations.id),
    position: integer().notNull(),
    provenance: text().notNull(),
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    /** When the command was sent to the node: what is older is forgotten sooner. */
    requestedAt: text('requested_at').notNull(),
    tries: integer().notNull().default(0),
    /** Whether the last try was refused: other outputs are tried first. */
    isDenied: integer('is_denied').notNull().default(0),
    lastError: text('last_error'),
    /** When nothing was left to try; the row stays, so that a reader learns the reason. */
    gaveUpAt: text('gave_up_at'),
  },
  (t) => [
    primaryKey({ columns: [t.invocationId, t.position, t.provenance] }),
    index('output_queue_next')
      .on(t.accountId, t.region, t.provenance, t.isDenied, t.requestedAt)
      .where(sql`gave_up_at IS NULL`),
    check('output_queue_provenance', sql`${t.provenance} IN ('get', 's3', 'logs')`),
  ],
);

/** How far the states of an account and region were looked through for outputs to fetch. */
export const outputQueueMarks = sqliteTable(
  'output_queue_marks',
  {
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    seq: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.region] })],
);
