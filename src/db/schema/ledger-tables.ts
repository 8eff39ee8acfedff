import { sql } from 'drizzle-orm';
import { blob, check, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** The hashes of the Merkle tree, in tiles of 256 and the levels above them (https://c2sp.org/tlog-tiles). */
export const ledgerTiles = sqliteTable(
  'ledger_tiles',
  {
    level: integer().notNull(),
    number: integer().notNull(),
    hashes: blob({ mode: 'buffer' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.level, t.number] }),
    check('ledger_tiles_hashes', sql`length(${t.hashes}) BETWEEN 32 AND 8192 AND length(${t.hashes}) % 32 = 0`),
  ],
);

/** The ledger's entries other than revisions: rows of other tables as they were when they were written, and events. */
export const ledgerEntries = sqliteTable('ledger_entries', {
  seq: integer().primaryKey(),
  kind: text().notNull(),
  entryJson: text('entry_json').notNull(),
});

/** Signed statements of the ledger's size and root. */
export const ledgerCheckpoints = sqliteTable('ledger_checkpoints', {
  size: integer().primaryKey(),
  madeAt: text('made_at').notNull(),
  note: text().notNull(),
});

/** Signed statements of witnesses: the checkpoint continues every earlier state of the ledger that the witness saw. */
export const ledgerCosignatures = sqliteTable(
  'ledger_cosignatures',
  {
    size: integer().notNull(),
    witness: text().notNull(),
    signature: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.size, t.witness] })],
);
