import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { outputs } from './schema.ts';

/**
 * The decoded texts of outputs that Windows programs wrote as UTF-16. The search reads these texts instead of the
 * outputs' own texts.
 */
export const decodedOutputs = sqliteTable('decoded_outputs', {
  outputId: integer('output_id')
    .primaryKey()
    .references(() => outputs.id),
  text: text().notNull(),
});

/**
 * Outputs that an older version made searchable without decoding UTF-16, and that were not checked since: one row, or
 * none.
 */
export const outputsToDecode = sqliteTable('outputs_to_decode', {
  firstId: integer('first_id').primaryKey(),
  lastId: integer('last_id').notNull(),
});
