CREATE TABLE `coverage` (
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`from_at` text NOT NULL,
	`to_at` text NOT NULL,
	PRIMARY KEY(`account_id`, `region`, `from_at`),
	CONSTRAINT "coverage_span" CHECK("coverage"."from_at" < "coverage"."to_at")
) STRICT;
--> statement-breakpoint
CREATE TABLE `invocations` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`command_id` text NOT NULL,
	`instance_id` text NOT NULL,
	`instance_name` text,
	`comment` text,
	`document_name` text,
	`document_version` text,
	`requested_at` text,
	`status` text,
	`status_details` text,
	`trace_output` text,
	`standard_output_url` text,
	`standard_error_url` text,
	`service_role` text,
	`notification_arn` text,
	`notification_events_json` text,
	`notification_type` text,
	`cloudwatch_log_group` text,
	`is_cloudwatch_output_enabled` integer,
	`first_seen_at` text NOT NULL,
	`changed_at` text NOT NULL,
	`fingerprint` blob NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `invocations_key` ON `invocations` (`account_id`,`region`,`command_id`,`instance_id`);--> statement-breakpoint
CREATE INDEX `invocations_requested_at` ON `invocations` (`requested_at`);--> statement-breakpoint
CREATE INDEX `invocations_unfinished` ON `invocations` (`account_id`,`region`,`command_id`) WHERE coalesce(status, '') NOT IN ('Success', 'Cancelled', 'TimedOut', 'Failed');--> statement-breakpoint
CREATE TABLE `leases` (
	`name` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`host` text NOT NULL,
	`pid` integer NOT NULL,
	`taken_at` text NOT NULL,
	`expires_at` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `outputs` (
	`id` integer PRIMARY KEY NOT NULL,
	`sha256` blob NOT NULL,
	`text` text NOT NULL,
	`size_bytes` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `outputs_sha256` ON `outputs` (`sha256`);--> statement-breakpoint
CREATE TABLE `plugins` (
	`invocation_id` integer NOT NULL,
	`position` integer NOT NULL,
	`name` text,
	`status` text,
	`status_details` text,
	`response_code` integer,
	`started_at` text,
	`finished_at` text,
	`output_id` integer,
	`standard_output_url` text,
	`standard_error_url` text,
	`output_s3_region` text,
	`output_s3_bucket_name` text,
	`output_s3_key_prefix` text,
	PRIMARY KEY(`invocation_id`, `position`),
	FOREIGN KEY (`invocation_id`) REFERENCES `invocations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`output_id`) REFERENCES `outputs`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `revision_pages` (
	`id` integer PRIMARY KEY NOT NULL,
	`dictionary_id` integer NOT NULL,
	`states` blob NOT NULL,
	FOREIGN KEY (`dictionary_id`) REFERENCES `state_dictionaries`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `revisions` (
	`seq` integer PRIMARY KEY NOT NULL,
	`invocation_id` integer NOT NULL,
	`observed_at` text NOT NULL,
	`status` text,
	`status_details` text,
	`plugin_count` integer NOT NULL,
	`page_id` integer NOT NULL,
	`line` integer NOT NULL,
	FOREIGN KEY (`invocation_id`) REFERENCES `invocations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`page_id`) REFERENCES `revision_pages`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `revisions_invocation_id` ON `revisions` (`invocation_id`);--> statement-breakpoint
CREATE TABLE `run_sources` (
	`run_id` integer NOT NULL,
	`alias` text NOT NULL,
	`region` text NOT NULL,
	`account_id` text,
	`outcome` text NOT NULL,
	`error` text,
	`pages` integer NOT NULL,
	`calls` integer NOT NULL,
	`throttles` integer NOT NULL,
	`faults` integer NOT NULL,
	`rows_seen` integer NOT NULL,
	`rows_added` integer NOT NULL,
	`rows_changed` integer NOT NULL,
	`clock_skew_ms` integer,
	`started_at` text NOT NULL,
	`finished_at` text NOT NULL,
	PRIMARY KEY(`run_id`, `alias`, `region`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "run_sources_outcome" CHECK("run_sources"."outcome" IN ('complete', 'failed', 'interrupted'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `runs` (
	`id` integer PRIMARY KEY NOT NULL,
	`started_at` text NOT NULL,
	`finished_at` text,
	`outcome` text NOT NULL,
	`collector` text NOT NULL,
	CONSTRAINT "runs_outcome" CHECK("runs"."outcome" IN ('running', 'complete', 'failed', 'interrupted'))
) STRICT;
--> statement-breakpoint
CREATE TABLE `state_dictionaries` (
	`id` integer PRIMARY KEY NOT NULL,
	`bytes` blob NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `sweeps` (
	`id` integer PRIMARY KEY NOT NULL,
	`run_id` integer NOT NULL,
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`operation` text NOT NULL,
	`from_at` text,
	`to_at` text,
	`command_id` text,
	`instance_id` text,
	`started_at` text NOT NULL,
	`finished_at` text,
	`outcome` text NOT NULL,
	`error` text,
	`pages` integer NOT NULL,
	`calls` integer NOT NULL,
	`throttles` integer NOT NULL,
	`faults` integer NOT NULL,
	`rows_seen` integer NOT NULL,
	`rows_added` integer NOT NULL,
	`rows_changed` integer NOT NULL,
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "sweeps_outcome" CHECK("sweeps"."outcome" IN ('running', 'complete', 'failed', 'interrupted'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `sweeps_run_id` ON `sweeps` (`run_id`);--> statement-breakpoint
CREATE INDEX `sweeps_failed` ON `sweeps` (`account_id`,`region`,`from_at`) WHERE outcome <> 'complete';--> statement-breakpoint
CREATE TABLE `unfinished_commands` (
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`command_id` text NOT NULL,
	`is_executing` integer NOT NULL,
	`counts_json` text,
	`requested_at` text,
	`first_seen_at` text NOT NULL,
	`listed_at` text,
	`listed_counts_json` text,
	`forgotten_at` text,
	PRIMARY KEY(`account_id`, `region`, `command_id`)
) STRICT;--> statement-breakpoint
CREATE TRIGGER `revisions_are_not_updated` BEFORE UPDATE ON `revisions` BEGIN
	SELECT raise(ABORT, 'revisions are append-only: an observed state is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `revisions_are_not_deleted` BEFORE DELETE ON `revisions` BEGIN
	SELECT raise(ABORT, 'revisions are append-only: an observed state is never deleted');
END;--> statement-breakpoint
CREATE TRIGGER `revisions_are_not_replaced` BEFORE INSERT ON `revisions` WHEN EXISTS (SELECT 1 FROM `revisions` WHERE `seq` = new.`seq`) BEGIN
	SELECT raise(ABORT, 'revisions are append-only: an observed state is never replaced');
END;--> statement-breakpoint
CREATE TRIGGER `revision_pages_are_not_updated` BEFORE UPDATE ON `revision_pages` BEGIN
	SELECT raise(ABORT, 'revision_pages are append-only: a page of observed states is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `revision_pages_are_not_deleted` BEFORE DELETE ON `revision_pages` BEGIN
	SELECT raise(ABORT, 'revision_pages are append-only: a page of observed states is never deleted');
END;--> statement-breakpoint
CREATE TRIGGER `revision_pages_are_not_replaced` BEFORE INSERT ON `revision_pages` WHEN EXISTS (SELECT 1 FROM `revision_pages` WHERE `id` = new.`id`) BEGIN
	SELECT raise(ABORT, 'revision_pages are append-only: a page of observed states is never replaced');
END;--> statement-breakpoint
CREATE TRIGGER `state_dictionaries_are_not_updated` BEFORE UPDATE ON `state_dictionaries` BEGIN
	SELECT raise(ABORT, 'state_dictionaries are append-only: what states are read with is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `state_dictionaries_are_not_deleted` BEFORE DELETE ON `state_dictionaries` BEGIN
	SELECT raise(ABORT, 'state_dictionaries are append-only: what states are read with is never deleted');
END;--> statement-breakpoint
CREATE TRIGGER `state_dictionaries_are_not_replaced` BEFORE INSERT ON `state_dictionaries` WHEN EXISTS (SELECT 1 FROM `state_dictionaries` WHERE `id` = new.`id`) BEGIN
	SELECT raise(ABORT, 'state_dictionaries are append-only: what states are read with is never replaced');
END;--> statement-breakpoint
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
	o.`text` AS `output`,
	CASE WHEN o.`id` IS NOT NULL THEN
		o.`size_bytes` >= 2500 OR instr(o.`text`, '---Output truncated---') > 0 OR instr(o.`text`, '---Error truncated---') > 0
	END AS `is_output_truncated`,
	p.`standard_output_url` AS `plugin_standard_output_url`, p.`standard_error_url` AS `plugin_standard_error_url`,
	p.`output_s3_region`, p.`output_s3_bucket_name`, p.`output_s3_key_prefix`
FROM `plugins` p
JOIN `invocations` i ON i.`id` = p.`invocation_id`
LEFT JOIN `outputs` o ON o.`id` = p.`output_id`;
