CREATE TABLE `lake_removals` (
	`key` text PRIMARY KEY NOT NULL,
	`keep_sha256` text,
	`gone_json` text NOT NULL,
	`made_at` text NOT NULL
) STRICT;--> statement-breakpoint
ALTER TABLE `sealed_days` ADD `is_pruning` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `sealed_days` ADD `gone_generation` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `sealed_days` ADD `pruned_seq` integer;--> statement-breakpoint
-- The lake has nothing of a day that was pruned: what came to it later may not leave this file as if it were sealed.
DROP TRIGGER `revisions_are_not_deleted`;--> statement-breakpoint
CREATE TRIGGER `revisions_are_not_deleted` BEFORE DELETE ON `revisions` WHEN coalesce((SELECT `to_seq` FROM `pruned_leaves` WHERE `what` = 'entries' AND `from_seq` <= old.`seq` ORDER BY `from_seq` DESC LIMIT 1), 0) < old.`seq`
	AND NOT EXISTS (SELECT 1 FROM `invocations` i JOIN `sealed_days` s ON s.`day` = substr(i.`requested_at`, 1, 10) WHERE s.`pruned_seq` IS NULL AND i.`id` = old.`invocation_id`
		AND s.`tree_size` >= coalesce((SELECT max(`seq`) FROM `revisions` WHERE `invocation_id` = i.`id`), 0)
		AND s.`tree_size` >= coalesce((SELECT max(`seq`) FROM `full_outputs` WHERE `invocation_id` = i.`id`), 0)) BEGIN
	SELECT raise(ABORT, 'revisions are append-only: an observed state is never deleted without a tombstone, unless its day is sealed');
END;--> statement-breakpoint
DROP TRIGGER `full_outputs_are_not_deleted`;--> statement-breakpoint
CREATE TRIGGER `full_outputs_are_not_deleted` BEFORE DELETE ON `full_outputs` WHEN coalesce((SELECT `to_seq` FROM `pruned_leaves` WHERE `what` = 'entries' AND `from_seq` <= old.`seq` ORDER BY `from_seq` DESC LIMIT 1), 0) < old.`seq`
	AND NOT EXISTS (SELECT 1 FROM `invocations` i JOIN `sealed_days` s ON s.`day` = substr(i.`requested_at`, 1, 10) WHERE s.`pruned_seq` IS NULL AND i.`id` = old.`invocation_id`
		AND s.`tree_size` >= coalesce((SELECT max(`seq`) FROM `revisions` WHERE `invocation_id` = i.`id`), 0)
		AND s.`tree_size` >= coalesce((SELECT max(`seq`) FROM `full_outputs` WHERE `invocation_id` = i.`id`), 0)) BEGIN
	SELECT raise(ABORT, 'full_outputs are append-only: what was printed is never deleted without a tombstone, unless its day is sealed');
END;--> statement-breakpoint
DROP TRIGGER `ledger_entries_are_not_deleted`;--> statement-breakpoint
CREATE TRIGGER `ledger_entries_are_not_deleted` BEFORE DELETE ON `ledger_entries` WHEN coalesce((SELECT `to_seq` FROM `pruned_leaves` WHERE `what` = 'entries' AND `from_seq` <= old.`seq` ORDER BY `from_seq` DESC LIMIT 1), 0) < old.`seq`
	AND NOT (old.`kind` = 'output' AND EXISTS (SELECT 1 FROM `invocations` i JOIN `sealed_days` s ON s.`day` = substr(i.`requested_at`, 1, 10) WHERE s.`pruned_seq` IS NULL AND i.`id` = (SELECT `invocation_id` FROM `full_outputs` WHERE `seq` = old.`seq`)
		AND s.`tree_size` >= coalesce((SELECT max(`seq`) FROM `revisions` WHERE `invocation_id` = i.`id`), 0)
		AND s.`tree_size` >= coalesce((SELECT max(`seq`) FROM `full_outputs` WHERE `invocation_id` = i.`id`), 0))) BEGIN
	SELECT raise(ABORT, 'ledger_entries are append-only: an entry is never deleted without a tombstone, unless its day is sealed');
END;--> statement-breakpoint
CREATE TRIGGER `sealed_days_are_pruned_by_tombstone` BEFORE UPDATE ON `sealed_days` WHEN new.`pruned_seq` IS NOT NULL AND new.`pruned_seq` IS NOT old.`pruned_seq`
	AND NOT EXISTS (SELECT 1 FROM `ledger_entries` WHERE `seq` = new.`pruned_seq` AND `kind` = 'pruned' AND `entry_json` ->> '$.sealed.entry' = old.`entry_seq`) BEGIN
	SELECT raise(ABORT, 'sealed_days are pruned only by a tombstone that names their entry');
END;--> statement-breakpoint
INSERT INTO `sqlite_stat1` (`tbl`, `idx`, `stat`) VALUES
	('lake_removals', 'sqlite_autoindex_lake_removals_1', '10 1');--> statement-breakpoint
ANALYZE `sqlite_schema`;
