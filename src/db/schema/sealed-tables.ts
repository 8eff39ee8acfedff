import { sql } from 'drizzle-orm';
import { blob, check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

/**
 * Days whose invocations are in the lake, each in its newest generation. Rows of such a day may still be in this file:
 * those that are about to go, those that came or changed after the day was sealed, and those of a day that was unsealed.
 * Rows of this file win over rows of the lake with the same id.
 */
export const sealedDays = sqliteTable(
  'sealed_days',
  {
    /** An ISO date, in UTC. */
    day: text().primaryKey(),
    /** 1 for the first sealing of the day. */
    generation: integer().notNull(),
    /** The seq of the ledger's entry `sealed`. */
    entrySeq: integer('entry_seq').notNull(),
    /** How many leaves the ledger had when the rows were read: a row with a later leaf is not in the lake. */
    treeSize: integer('tree_size').notNull(),
    invocations: integer().notNull(),
    /** How many leaves have their rows in the lake: states and fetched outputs. */
    leaves: integer().notNull(),
    /** The least and the greatest of the ids, of the leaves' seqs, and of the times of the last change. */
    firstId: integer('first_id').notNull(),
    lastId: integer('last_id').notNull(),
    firstSeq: integer('first_seq').notNull(),
    lastSeq: integer('last_seq').notNull(),
    firstChangedAt: text('first_changed_at').notNull(),
    lastChangedAt: text('last_changed_at').notNull(),
    /** The objects of the lake, as the `sealed` entry names them: a JSON array. */
    objectsJson: text('objects_json').notNull(),
    /** Whether the rows were brought back by `unseal`: they stay in this file until the day is sealed again. */
    isUnsealed: integer('is_unsealed').notNull().default(0),
    /** Whether rows of this generation are being pruned, or were: its objects must go once the next one is there. */
    isPruning: integer('is_pruning').notNull().default(0),
    /** The last generation of which nothing may be left in the lake, because rows of it were pruned; 0 for none. */
    goneGeneration: integer('gone_generation').notNull().default(0),
    /** The seq of the tombstone of the whole day: then the lake has nothing of it. Null if the day is in the lake. */
    prunedSeq: integer('pruned_seq'),
  },
  (t) => [index('sealed_days_last_id').on(t.lastId), check('sealed_days_generation', sql`${t.generation} >= 1`)],
);

/** Days that are being sealed: what is put into the lake, and what it replaces. The row goes when the entry is written. */
export const sealIntents = sqliteTable('seal_intents', {
  day: text().primaryKey(),
  generation: integer().notNull(),
  /** The objects that are being put there, and those that may be there already: JSON arrays of key and SHA-256. */
  newJson: text('new_json').notNull(),
  oldJson: text('old_json').notNull(),
  madeAt: text('made_at').notNull(),
});

/**
 * Objects that must go from the lake, in all their versions, because something in them was pruned. The row is written
 * with the tombstone or with the next generation, and goes when the lake has nothing of the object any more.
 */
export const lakeRemovals = sqliteTable('lake_removals', {
  key: text().primaryKey(),
  /** The SHA-256, in hex, of the only version that stays; null if none stays. */
  keepSha256: text('keep_sha256'),
  /** The SHA-256s, in hex, of what goes, as a JSON array: copies of these may be on this machine. */
  goneJson: text('gone_json').notNull(),
  madeAt: text('made_at').notNull(),
});

/**
 * The digest that a state batch had before some of its states were sealed. Each sealed state has that digest beside it
 * in the lake.
 */
export const sealedBatches = sqliteTable('sealed_pages', {
  batchId: integer('page_id').primaryKey(),
  originalSha256: blob('original_sha256', { mode: 'buffer' }).notNull(),
});

/** Values that invocations of sealed days have, so that a value counts as seen after its rows have gone to the lake. */
export const sealedValues = sqliteTable(
  'sealed_values',
  {
    /** A SealedKind of src/archive/sealed/sealed-values.ts. */
    kind: text().notNull(),
    value: text().notNull(),
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    firstDay: text('first_day').notNull(),
    lastDay: text('last_day').notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.value, t.accountId, t.region] })],
);

/**
 * How many invocations of a command are in the lake and no longer in this file, by status, so that the counts of a
 * command need no look into the lake. Rows are added when invocations go, and subtracted when they come back.
 */
export const sealedCommands = sqliteTable(
  'sealed_commands',
  {
    id: integer().primaryKey(),
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    commandId: text('command_id').notNull(),
    status: text(),
    invocations: integer().notNull(),
    lastRequestedAt: text('last_requested_at').notNull(),
    lastChangedAt: text('last_changed_at').notNull(),
    /** Null in rows of versions that did not keep it. */
    firstRequestedAt: text('first_requested_at'),
  },
  (t) => [
    uniqueIndex('sealed_commands_key').on(t.commandId, t.accountId, t.region, t.status),
    check('sealed_commands_invocations', sql`${t.invocations} >= 0`),
  ],
);

/**
 * Invocations that the service gave a time of request on another day than before. If the day that an invocation left
 * was sealed with it, the lake shows it on two days until that day is sealed again.
 */
export const dayMoves = sqliteTable(
  'day_moves',
  {
    invocationId: integer('invocation_id').notNull(),
    /** The seq of the state with the other day. */
    seq: integer().notNull(),
    /** The day that it left, an ISO date; empty if it had no time of request. */
    fromDay: text('from_day').notNull(),
  },
  (t) => [primaryKey({ columns: [t.invocationId, t.seq] })],
);
