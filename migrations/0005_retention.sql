CREATE TABLE `ledger_cosignatures` (
	`size` integer NOT NULL,
	`witness` text NOT NULL,
	`signature` text NOT NULL,
	PRIMARY KEY(`size`, `witness`)
) STRICT;--> statement-breakpoint
CREATE TABLE `holds` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` text,
	`region` text,
	`command_id` text,
	`instance_id` text,
	`from_at` text,
	`to_at` text,
	`reason` text NOT NULL,
	`placed_by` text NOT NULL,
	`placed_at` text NOT NULL,
	`release_reason` text,
	`released_by` text,
	`released_at` text
) STRICT;--> statement-breakpoint
CREATE TABLE `pruned_leaves` (
	`what` text NOT NULL,
	`from_seq` integer NOT NULL,
	`to_seq` integer NOT NULL,
	`tombstone_seq` integer NOT NULL,
	PRIMARY KEY(`what`, `from_seq`),
	CONSTRAINT "pruned_leaves_what" CHECK("what" IN ('entries', 'outputs')),
	CONSTRAINT "pruned_leaves_span" CHECK("from_seq" <= "to_seq")
) STRICT;--> statement-breakpoint
CREATE TABLE `pruned_pages` (
	`page_id` integer PRIMARY KEY NOT NULL,
	`original_sha256` blob NOT NULL
) STRICT;--> statement-breakpoint
ALTER TABLE `plugins` ADD `is_output_pruned` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `revision_pages` ADD `salt` blob;--> statement-breakpoint
ALTER TABLE `sweeps` ADD `request_ids_json` text;--> statement-breakpoint
CREATE TRIGGER `ledger_cosignatures_are_not_updated` BEFORE UPDATE ON `ledger_cosignatures` BEGIN
	SELECT raise(ABORT, 'ledger_cosignatures are append-only: what a witness signed is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `ledger_cosignatures_are_not_deleted` BEFORE DELETE ON `ledger_cosignatures` BEGIN
	SELECT raise(ABORT, 'ledger_cosignatures are append-only: what a witness signed is never deleted');
END;--> statement-breakpoint
CREATE TRIGGER `ledger_cosignatures_are_not_replaced` BEFORE INSERT ON `ledger_cosignatures` WHEN EXISTS (SELECT 1 FROM `ledger_cosignatures` WHERE `size` = new.`size` AND `witness` = new.`witness`) BEGIN
	SELECT raise(ABORT, 'ledger_cosignatures are append-only: what a witness signed is never replaced');
END;--> statement-breakpoint
CREATE TRIGGER `pruned_leaves_are_not_updated` BEFORE UPDATE ON `pruned_leaves` BEGIN
	SELECT raise(ABORT, 'pruned_leaves are append-only: a tombstone is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `pruned_leaves_are_not_deleted` BEFORE DELETE ON `pruned_leaves` BEGIN
	SELECT raise(ABORT, 'pruned_leaves are append-only: a tombstone is never deleted');
END;--> statement-breakpoint
CREATE TRIGGER `pruned_leaves_are_not_replaced` BEFORE INSERT ON `pruned_leaves` WHEN EXISTS (SELECT 1 FROM `pruned_leaves` WHERE `what` = new.`what` AND `from_seq` = new.`from_seq`) BEGIN
	SELECT raise(ABORT, 'pruned_leaves are append-only: a tombstone is never replaced');
END;--> statement-breakpoint
CREATE TRIGGER `pruned_pages_are_not_updated` BEFORE UPDATE ON `pruned_pages` BEGIN
	SELECT raise(ABORT, 'pruned_pages are append-only: what a page was is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `pruned_pages_are_not_deleted` BEFORE DELETE ON `pruned_pages` BEGIN
	SELECT raise(ABORT, 'pruned_pages are append-only: what a page was is never deleted');
END;--> statement-breakpoint
CREATE TRIGGER `pruned_pages_are_not_replaced` BEFORE INSERT ON `pruned_pages` WHEN EXISTS (SELECT 1 FROM `pruned_pages` WHERE `page_id` = new.`page_id`) BEGIN
	SELECT raise(ABORT, 'pruned_pages are append-only: what a page was is never replaced');
END;--> statement-breakpoint
-- What has a tombstone may go: the row of a leaf, and the states of a page of which some do.
DROP TRIGGER `revisions_are_not_deleted`;--> statement-breakpoint
CREATE TRIGGER `revisions_are_not_deleted` BEFORE DELETE ON `revisions` WHEN coalesce((SELECT `to_seq` FROM `pruned_leaves` WHERE `what` = 'entries' AND `from_seq` <= old.`seq` ORDER BY `from_seq` DESC LIMIT 1), 0) < old.`seq` BEGIN
	SELECT raise(ABORT, 'revisions are append-only: an observed state is never deleted without a tombstone');
END;--> statement-breakpoint
DROP TRIGGER `ledger_entries_are_not_deleted`;--> statement-breakpoint
CREATE TRIGGER `ledger_entries_are_not_deleted` BEFORE DELETE ON `ledger_entries` WHEN coalesce((SELECT `to_seq` FROM `pruned_leaves` WHERE `what` = 'entries' AND `from_seq` <= old.`seq` ORDER BY `from_seq` DESC LIMIT 1), 0) < old.`seq` BEGIN
	SELECT raise(ABORT, 'ledger_entries are append-only: an entry is never deleted without a tombstone');
END;--> statement-breakpoint
DROP TRIGGER `revision_pages_are_not_updated`;--> statement-breakpoint
CREATE TRIGGER `revision_pages_are_not_updated` BEFORE UPDATE ON `revision_pages` WHEN NOT EXISTS (SELECT 1 FROM `pruned_pages` WHERE `page_id` = old.`id`) BEGIN
	SELECT raise(ABORT, 'revision_pages are append-only: a page of observed states is never changed without a tombstone');
END;--> statement-breakpoint
DROP TRIGGER `revision_pages_are_not_deleted`;--> statement-breakpoint
CREATE TRIGGER `revision_pages_are_not_deleted` BEFORE DELETE ON `revision_pages` WHEN NOT EXISTS (SELECT 1 FROM `pruned_pages` WHERE `page_id` = old.`id`) BEGIN
	SELECT raise(ABORT, 'revision_pages are append-only: a page of observed states is never deleted without a tombstone');
END;--> statement-breakpoint
DROP VIEW `plugin_runs`;--> statement-breakpoint
-- Outputs by subqueries and no join: SQLite leaves out what is not asked for, but a join it makes wherever it groups.
CREATE VIEW `plugin_runs` AS
SELECT i.`id` AS `invocation_id`,
	i.`account_id`, i.`region`, i.`command_id`, i.`instance_id`, i.`instance_name`, i.`comment`,
	i.`document_name`, i.`document_version`, i.`requested_at`,
	i.`status` AS `invocation_status`, i.`status_details` AS `invocation_status_details`,
	i.`trace_output`, i.`standard_output_url`, i.`standard_error_url`, i.`service_role`, i.`notification_arn`, i.`notification_events_json`, i.`notification_type`,
	i.`cloudwatch_log_group`, i.`is_cloudwatch_output_enabled`, i.`first_seen_at`, i.`changed_at`,
	p.`position`, p.`name` AS `plugin_name`, p.`status`, p.`status_details`, p.`response_code`,
	p.`started_at`, p.`finished_at`,
	CASE WHEN p.`started_at` > '1970-01-01T00:00:00.000Z' AND p.`finished_at` > '1970-01-01T00:00:00.000Z'
		THEN CAST(round((julianday(p.`finished_at`) - julianday(p.`started_at`)) * 86400000) AS INTEGER)
	END AS `duration_ms`,
	p.`output_id`, (SELECT o.`text` FROM `outputs` o WHERE o.`id` = p.`output_id`) AS `output`,
	(SELECT o.`size_bytes` >= 2500 OR instr(o.`text`, '---Output truncated---') > 0 OR instr(o.`text`, '---Error truncated---') > 0
		FROM `outputs` o WHERE o.`id` = p.`output_id`) AS `is_output_truncated`,
	p.`standard_output_url` AS `plugin_standard_output_url`, p.`standard_error_url` AS `plugin_standard_error_url`,
	p.`output_s3_region`, p.`output_s3_bucket_name`, p.`output_s3_key_prefix`, p.`is_output_pruned`
FROM `plugins` p
JOIN `invocations` i ON i.`id` = p.`invocation_id`;--> statement-breakpoint
INSERT INTO `sqlite_stat1` (`tbl`, `idx`, `stat`) VALUES
	('holds', NULL, '100'),
	('ledger_cosignatures', 'sqlite_autoindex_ledger_cosignatures_1', '10000 1 1 noskipscan'),
	('pruned_leaves', 'sqlite_autoindex_pruned_leaves_1', '10000 5000 1 noskipscan'),
	('pruned_pages', NULL, '10000');--> statement-breakpoint
ANALYZE `sqlite_schema`;
