CREATE TABLE `owed_sources` (
	`id` integer PRIMARY KEY NOT NULL,
	`alias` text NOT NULL,
	`account_id` text,
	`region` text,
	`since_at` text NOT NULL,
	`ended_at` text,
	`ended_by` text,
	`end_reason` text,
	`is_double` integer DEFAULT 0 NOT NULL
) STRICT;--> statement-breakpoint
CREATE INDEX `run_sources_alias` ON `run_sources` (`alias`,`region`,`run_id`);--> statement-breakpoint
CREATE TRIGGER `owed_sources_are_not_deleted` BEFORE DELETE ON `owed_sources` BEGIN
	SELECT raise(ABORT, 'owed_sources are append-only: "ssm-archive source end" ends a source, and its row stays');
END;--> statement-breakpoint
CREATE TRIGGER `owed_sources_are_not_replaced` BEFORE INSERT ON `owed_sources` WHEN EXISTS (SELECT 1 FROM `owed_sources` WHERE `id` = new.`id`) BEGIN
	SELECT raise(ABORT, 'owed_sources are append-only: a source that is owed is never replaced');
END;--> statement-breakpoint
-- What was not known may be learnt, and what is owed may end. Nothing else of a row changes.
CREATE TRIGGER `owed_sources_only_grow` BEFORE UPDATE ON `owed_sources` WHEN new.`id` <> old.`id` OR new.`alias` <> old.`alias`
	OR new.`since_at` <> old.`since_at` OR (old.`account_id` IS NOT NULL AND new.`account_id` IS NOT old.`account_id`)
	OR (old.`region` IS NOT NULL AND new.`region` IS NOT old.`region`) OR old.`ended_at` IS NOT NULL BEGIN
	SELECT raise(ABORT, 'owed_sources are append-only: what was owed is never changed');
END;--> statement-breakpoint
-- What is owed and has nothing listed completely yet: nothing of the archive is complete while there is a row.
CREATE VIEW `missing_sources` AS
SELECT o.`alias`, o.`account_id`, o.`region`, o.`since_at`,
	(SELECT r.`error` FROM `run_sources` r WHERE r.`alias` = o.`alias` AND r.`region` = coalesce(o.`region`, '') AND r.`outcome` <> 'complete'
		ORDER BY r.`run_id` DESC LIMIT 1) AS `last_error`,
	(SELECT r.`finished_at` FROM `run_sources` r WHERE r.`alias` = o.`alias` AND r.`region` = coalesce(o.`region`, '')
		ORDER BY r.`run_id` DESC LIMIT 1) AS `last_tried_at`
FROM `owed_sources` o
WHERE o.`ended_at` IS NULL AND NOT EXISTS (SELECT 1 FROM `coverage` c WHERE c.`account_id` = o.`account_id` AND c.`region` = o.`region`);--> statement-breakpoint
INSERT INTO `sqlite_stat1` (`tbl`, `idx`, `stat`) VALUES
	('owed_sources', NULL, '20'),
	('run_sources', 'run_sources_alias', '200000 100000 100000 1');--> statement-breakpoint
ANALYZE `sqlite_schema`;
