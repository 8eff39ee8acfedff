CREATE TABLE `seal_intents` (
	`day` text PRIMARY KEY NOT NULL,
	`generation` integer NOT NULL,
	`new_json` text NOT NULL,
	`old_json` text NOT NULL,
	`made_at` text NOT NULL
) STRICT;--> statement-breakpoint
CREATE TABLE `sealed_pages` (
	`page_id` integer PRIMARY KEY NOT NULL,
	`original_sha256` blob NOT NULL
) STRICT;--> statement-breakpoint
CREATE TABLE `sealed_days` (
	`day` text PRIMARY KEY NOT NULL,
	`generation` integer NOT NULL,
	`entry_seq` integer NOT NULL,
	`tree_size` integer NOT NULL,
	`invocations` integer NOT NULL,
	`leaves` integer NOT NULL,
	`first_id` integer NOT NULL,
	`last_id` integer NOT NULL,
	`first_seq` integer NOT NULL,
	`last_seq` integer NOT NULL,
	`first_changed_at` text NOT NULL,
	`last_changed_at` text NOT NULL,
	`objects_json` text NOT NULL,
	`is_unsealed` integer DEFAULT 0 NOT NULL,
	CONSTRAINT "sealed_days_generation" CHECK("sealed_days"."generation" >= 1)
) STRICT;--> statement-breakpoint
CREATE INDEX `sealed_days_last_id` ON `sealed_days` (`last_id`);--> statement-breakpoint
CREATE TABLE `sealed_values` (
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`first_day` text NOT NULL,
	`last_day` text NOT NULL,
	PRIMARY KEY(`kind`, `value`, `account_id`, `region`)
) STRICT;--> statement-breakpoint
CREATE TABLE `sealed_commands` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`command_id` text NOT NULL,
	`status` text,
	`invocations` integer NOT NULL,
	`last_requested_at` text NOT NULL,
	`last_changed_at` text NOT NULL,
	CONSTRAINT "sealed_commands_invocations" CHECK("sealed_commands"."invocations" >= 0)
) STRICT;--> statement-breakpoint
CREATE UNIQUE INDEX `sealed_commands_key` ON `sealed_commands` (`command_id`,`account_id`,`region`,`status`);--> statement-breakpoint
-- What is sealed may go from this file: a row whose day is in the lake, if the invocation has no later leaf than the
-- lake has. Without these triggers' conditions a program could remove what was recorded after the day was read.
DROP TRIGGER `revisions_are_not_deleted`;--> statement-breakpoint
CREATE TRIGGER `revisions_are_not_deleted` BEFORE DELETE ON `revisions` WHEN coalesce((SELECT `to_seq` FROM `pruned_leaves` WHERE `what` = 'entries' AND `from_seq` <= old.`seq` ORDER BY `from_seq` DESC LIMIT 1), 0) < old.`seq`
	AND NOT EXISTS (SELECT 1 FROM `invocations` i JOIN `sealed_days` s ON s.`day` = substr(i.`requested_at`, 1, 10) WHERE i.`id` = old.`invocation_id`
		AND s.`tree_size` >= coalesce((SELECT max(`seq`) FROM `revisions` WHERE `invocation_id` = i.`id`), 0)
		AND s.`tree_size` >= coalesce((SELECT max(`seq`) FROM `full_outputs` WHERE `invocation_id` = i.`id`), 0)) BEGIN
	SELECT raise(ABORT, 'revisions are append-only: an observed state is never deleted without a tombstone, unless its day is sealed');
END;--> statement-breakpoint
DROP TRIGGER `full_outputs_are_not_deleted`;--> statement-breakpoint
CREATE TRIGGER `full_outputs_are_not_deleted` BEFORE DELETE ON `full_outputs` WHEN coalesce((SELECT `to_seq` FROM `pruned_leaves` WHERE `what` = 'entries' AND `from_seq` <= old.`seq` ORDER BY `from_seq` DESC LIMIT 1), 0) < old.`seq`
	AND NOT EXISTS (SELECT 1 FROM `invocations` i JOIN `sealed_days` s ON s.`day` = substr(i.`requested_at`, 1, 10) WHERE i.`id` = old.`invocation_id`
		AND s.`tree_size` >= coalesce((SELECT max(`seq`) FROM `revisions` WHERE `invocation_id` = i.`id`), 0)
		AND s.`tree_size` >= coalesce((SELECT max(`seq`) FROM `full_outputs` WHERE `invocation_id` = i.`id`), 0)) BEGIN
	SELECT raise(ABORT, 'full_outputs are append-only: what was printed is never deleted without a tombstone, unless its day is sealed');
END;--> statement-breakpoint
DROP TRIGGER `ledger_entries_are_not_deleted`;--> statement-breakpoint
CREATE TRIGGER `ledger_entries_are_not_deleted` BEFORE DELETE ON `ledger_entries` WHEN coalesce((SELECT `to_seq` FROM `pruned_leaves` WHERE `what` = 'entries' AND `from_seq` <= old.`seq` ORDER BY `from_seq` DESC LIMIT 1), 0) < old.`seq`
	AND NOT (old.`kind` = 'output' AND EXISTS (SELECT 1 FROM `invocations` i JOIN `sealed_days` s ON s.`day` = substr(i.`requested_at`, 1, 10) WHERE i.`id` = (SELECT `invocation_id` FROM `full_outputs` WHERE `seq` = old.`seq`)
		AND s.`tree_size` >= coalesce((SELECT max(`seq`) FROM `revisions` WHERE `invocation_id` = i.`id`), 0)
		AND s.`tree_size` >= coalesce((SELECT max(`seq`) FROM `full_outputs` WHERE `invocation_id` = i.`id`), 0))) BEGIN
	SELECT raise(ABORT, 'ledger_entries are append-only: an entry is never deleted without a tombstone, unless its day is sealed');
END;--> statement-breakpoint
DROP TRIGGER `revision_pages_are_not_updated`;--> statement-breakpoint
CREATE TRIGGER `revision_pages_are_not_updated` BEFORE UPDATE ON `revision_pages` WHEN NOT EXISTS (SELECT 1 FROM `pruned_pages` WHERE `page_id` = old.`id`) AND NOT EXISTS (SELECT 1 FROM `sealed_pages` WHERE `page_id` = old.`id`) BEGIN
	SELECT raise(ABORT, 'revision_pages are append-only: a page of observed states is never changed without a tombstone, unless its states are sealed');
END;--> statement-breakpoint
DROP TRIGGER `revision_pages_are_not_deleted`;--> statement-breakpoint
CREATE TRIGGER `revision_pages_are_not_deleted` BEFORE DELETE ON `revision_pages` WHEN NOT EXISTS (SELECT 1 FROM `pruned_pages` WHERE `page_id` = old.`id`) AND NOT EXISTS (SELECT 1 FROM `sealed_pages` WHERE `page_id` = old.`id`) BEGIN
	SELECT raise(ABORT, 'revision_pages are append-only: a page of observed states is never deleted without a tombstone, unless its states are sealed');
END;--> statement-breakpoint
CREATE TRIGGER `sealed_pages_are_not_updated` BEFORE UPDATE ON `sealed_pages` BEGIN
	SELECT raise(ABORT, 'sealed_pages are append-only: what a page was is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `sealed_pages_are_not_deleted` BEFORE DELETE ON `sealed_pages` WHEN EXISTS (SELECT 1 FROM `revision_pages` WHERE `id` = old.`page_id`) BEGIN
	SELECT raise(ABORT, 'sealed_pages are append-only: what a page was is not deleted while the page is there');
END;--> statement-breakpoint
CREATE TRIGGER `sealed_pages_are_not_replaced` BEFORE INSERT ON `sealed_pages` WHEN EXISTS (SELECT 1 FROM `sealed_pages` WHERE `page_id` = new.`page_id`) BEGIN
	SELECT raise(ABORT, 'sealed_pages are append-only: what a page was is never replaced');
END;--> statement-breakpoint
CREATE TRIGGER `sealed_days_are_not_deleted` BEFORE DELETE ON `sealed_days` BEGIN
	SELECT raise(ABORT, 'sealed_days are never deleted: the lake has their rows');
END;--> statement-breakpoint
CREATE TRIGGER `sealed_days_do_not_go_back` BEFORE UPDATE ON `sealed_days` WHEN new.`day` <> old.`day` OR new.`generation` < old.`generation` OR new.`entry_seq` < old.`entry_seq` OR new.`tree_size` < old.`tree_size` BEGIN
	SELECT raise(ABORT, 'sealed_days only get later generations');
END;--> statement-breakpoint
CREATE TRIGGER `sealed_days_are_not_replaced` BEFORE INSERT ON `sealed_days` WHEN EXISTS (SELECT 1 FROM `sealed_days` WHERE `day` = new.`day`) BEGIN
	SELECT raise(ABORT, 'sealed_days are never replaced: a later generation is an update');
END;--> statement-breakpoint
INSERT INTO `sqlite_stat1` (`tbl`, `idx`, `stat`) VALUES
	('sealed_days', 'sealed_days_last_id', '400 1'),
	('sealed_days', 'sqlite_autoindex_sealed_days_1', '400 1'),
	('sealed_commands', 'sealed_commands_key', '100000 2 2 2 1 noskipscan'),
	('seal_intents', 'sqlite_autoindex_seal_intents_1', '2 1'),
	('sealed_pages', NULL, '1000'),
	('sealed_values', 'sqlite_autoindex_sealed_values_1', '100000 20000 2 1 1 noskipscan');--> statement-breakpoint
ANALYZE `sqlite_schema`;
