import { sql } from 'drizzle-orm';
import { check, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** The archive's number among those that share a lake: one row, never changed. Without a row the number is 0. */
export const archiveNumbers = sqliteTable(
  'archive_numbers',
  {
    id: integer().primaryKey(),
    number: integer().notNull(),
    setAt: text('set_at').notNull(),
  },
  (t) => [
    check('archive_numbers_id', sql`${t.id} = 1`),
    check('archive_numbers_number', sql`${t.number} BETWEEN 0 AND 8191`),
  ],
);

/** The accounts and regions that this archive owns, or has owned, in the lake. */
export const lakeClaims = sqliteTable(
  'lake_claims',
  {
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    /** The number of the object in the lake that says the same. */
    turn: integer().notNull(),
    /** What was requested before this day is another archive's; NULL if nothing is. */
    fromDay: text('from_day'),
    claimedAt: text('claimed_at').notNull(),
    claimedBy: text('claimed_by').notNull(),
    /** What was requested before this day is this archive's, even after the release. */
    untilDay: text('until_day'),
    releasedAt: text('released_at'),
    releasedBy: text('released_by'),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.region] }), check('lake_claims_turn', sql`${t.turn} >= 1`)],
);

/** What the lake said last of accounts and regions that this archive does not own. It is read again at each seal. */
export const placesOfOthers = sqliteTable(
  'places_of_others',
  {
    accountId: text('account_id').notNull(),
    region: text().notNull(),
    archive: integer().notNull(),
    /** Only what was requested before this day is the other archive's; NULL if all is. */
    beforeDay: text('before_day'),
    seenAt: text('seen_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.region] })],
);
