CREATE TABLE `archive_numbers` (
	`id` integer PRIMARY KEY NOT NULL,
	`number` integer NOT NULL,
	`set_at` text NOT NULL,
	CONSTRAINT "archive_numbers_id" CHECK("archive_numbers"."id" = 1),
	CONSTRAINT "archive_numbers_number" CHECK("archive_numbers"."number" BETWEEN 0 AND 8191)
) STRICT;--> statement-breakpoint
CREATE TABLE `lake_claims` (
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`turn` integer NOT NULL,
	`from_day` text,
	`claimed_at` text NOT NULL,
	`claimed_by` text NOT NULL,
	`until_day` text,
	`released_at` text,
	`released_by` text,
	PRIMARY KEY(`account_id`, `region`),
	CONSTRAINT "lake_claims_turn" CHECK("lake_claims"."turn" >= 1)
) STRICT;--> statement-breakpoint
CREATE TABLE `places_of_others` (
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`archive` integer NOT NULL,
	`before_day` text,
	`seen_at` text NOT NULL,
	PRIMARY KEY(`account_id`, `region`)
) STRICT;--> statement-breakpoint
-- The ids of all invocations begin at the number's own part of the integers, so the number can't change after the first.
CREATE TRIGGER `archive_numbers_are_not_updated` BEFORE UPDATE ON `archive_numbers` BEGIN
	SELECT raise(ABORT, 'archive_numbers are append-only: the number of an archive never changes');
END;--> statement-breakpoint
CREATE TRIGGER `archive_numbers_are_not_deleted` BEFORE DELETE ON `archive_numbers` BEGIN
	SELECT raise(ABORT, 'archive_numbers are append-only: the number of an archive never changes');
END;--> statement-breakpoint
CREATE TRIGGER `archive_numbers_are_not_replaced` BEFORE INSERT ON `archive_numbers` WHEN EXISTS (SELECT 1 FROM `archive_numbers`) BEGIN
	SELECT raise(ABORT, 'archive_numbers are append-only: the number of an archive never changes');
END;--> statement-breakpoint
CREATE TRIGGER `archive_numbers_come_first` BEFORE INSERT ON `archive_numbers` WHEN EXISTS (SELECT 1 FROM `invocations`) OR EXISTS (SELECT 1 FROM `revisions`) OR EXISTS (SELECT 1 FROM `sealed_days`) OR EXISTS (SELECT 1 FROM `pruned_leaves`) BEGIN
	SELECT raise(ABORT, 'the number of an archive is set before its first invocation, whose id begins with it');
END;--> statement-breakpoint
CREATE TRIGGER `lake_claims_are_not_deleted` BEFORE DELETE ON `lake_claims` BEGIN
	SELECT raise(ABORT, 'lake_claims are never deleted: a released one stays as a row');
END;--> statement-breakpoint
CREATE TRIGGER `lake_claims_do_not_go_back` BEFORE UPDATE ON `lake_claims` WHEN new.`account_id` <> old.`account_id` OR new.`region` <> old.`region` OR new.`turn` < old.`turn` BEGIN
	SELECT raise(ABORT, 'lake_claims only get later turns');
END;--> statement-breakpoint
CREATE TRIGGER `lake_claims_are_not_replaced` BEFORE INSERT ON `lake_claims` WHEN EXISTS (SELECT 1 FROM `lake_claims` WHERE `account_id` = new.`account_id` AND `region` = new.`region`) BEGIN
	SELECT raise(ABORT, 'lake_claims are never replaced: a later turn is an update');
END;--> statement-breakpoint
INSERT INTO `sqlite_stat1` (`tbl`, `idx`, `stat`) VALUES
	('lake_claims', 'sqlite_autoindex_lake_claims_1', '200 5 1'),
	('places_of_others', 'sqlite_autoindex_places_of_others_1', '50 5 1');--> statement-breakpoint
ANALYZE `sqlite_schema`;
