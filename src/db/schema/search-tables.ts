import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { outputs } from './schema.ts';

/** What the programs of Windows meant by outputs that they wrote as UTF-16: the search reads these texts for the outputs' own. */
export const decodedOutputs = sqliteTable('decoded_outputs', {
  outputId: integer('output_id')
    .primaryKey()
    .references(() => outputs.id),
  text: text().notNull(),
});

/** Outputs that an older version made searchable as they are, and that were not looked at for UTF-16 since: one row, or none. */
export const outputsToDecode = sqliteTable('outputs_to_decode', {
  firstId: integer('first_id').primaryKey(),
  lastId: integer('last_id').notNull(),
});
