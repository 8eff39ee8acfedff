CREATE TABLE `command_senders` (
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`command_id` text NOT NULL,
	`event_id` text NOT NULL,
	`event_at` text NOT NULL,
	`principal_type` text,
	`principal_arn` text,
	`principal_id` text,
	`session_issuer_arn` text,
	`invoked_by` text,
	`source_ip_address` text,
	`user_agent` text,
	`is_mfa_authenticated` integer,
	PRIMARY KEY(`account_id`, `region`, `command_id`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `command_senders_principal_arn` ON `command_senders` (`principal_arn`,`event_at`);--> statement-breakpoint
DROP INDEX `invocations_status`;--> statement-breakpoint
DROP INDEX `invocations_status_details`;--> statement-breakpoint
CREATE INDEX `invocations_status` ON `invocations` (`status`,`requested_at`) WHERE status <> 'Success' OR status = 'Failed' OR status = 'TimedOut' OR status = 'Cancelled' OR status = 'InProgress' OR status = 'Pending' OR status = 'Delayed' OR status = 'Cancelling';--> statement-breakpoint
CREATE INDEX `invocations_status_details` ON `invocations` (`status_details`,`requested_at`) WHERE status_details <> 'Success' OR status_details = 'Failed' OR status_details = 'ExecutionTimedOut' OR status_details = 'DeliveryTimedOut' OR status_details = 'Undeliverable' OR status_details = 'Terminated' OR status_details = 'Cancelled' OR status_details = 'AccessDenied' OR status_details = 'InvalidPlatform' OR status_details = 'InProgress' OR status_details = 'Pending' OR status_details = 'Delayed';--> statement-breakpoint
CREATE INDEX `runs_started_at` ON `runs` (`started_at`);--> statement-breakpoint
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
	p.`output_s3_region`, p.`output_s3_bucket_name`, p.`output_s3_key_prefix`
FROM `plugins` p
JOIN `invocations` i ON i.`id` = p.`invocation_id`;--> statement-breakpoint
-- The shape of any archive, for SQLite's planner: docs/decisions/0015-fixed-statistics.md. ANALYZE of the schema alone makes the
-- tables, empty where nobody analyzed the file before, and reads them at the end.
ANALYZE `sqlite_schema`;--> statement-breakpoint
DROP TABLE IF EXISTS `sqlite_stat4`;--> statement-breakpoint
DELETE FROM `sqlite_stat1`;--> statement-breakpoint
INSERT INTO `sqlite_stat1` (`tbl`, `idx`, `stat`) VALUES
	('command_senders', 'command_senders_principal_arn', '400000 4000 1 noskipscan'),
	('command_senders', 'sqlite_autoindex_command_senders_1', '400000 100000 50000 1 noskipscan'),
	('commands', 'commands_requested_at', '400000 1 1 1 1 noskipscan'),
	('commands', 'sqlite_autoindex_commands_1', '400000 100000 50000 1 noskipscan'),
	('coverage', 'sqlite_autoindex_coverage_1', '100 20 10 1 noskipscan'),
	('daily_counts', 'daily_counts_key', '25000 300 100 60 7 2 1 noskipscan'),
	('invocations', 'invocations_account', '1000000 300000 200000 1 noskipscan'),
	('invocations', 'invocations_ahead', '1000 1'),
	('invocations', 'invocations_changed_at', '1000000 50'),
	('invocations', 'invocations_changed_later', '300000 50 1 noskipscan'),
	('invocations', 'invocations_document', '1000000 100000 1 noskipscan'),
	('invocations', 'invocations_instance', '1000000 20 1 noskipscan'),
	('invocations', 'invocations_key', '1000000 10 10 10 1 noskipscan'),
	('invocations', 'invocations_requested_at', '1000000 1'),
	('invocations', 'invocations_status', '1000000 300000 1 noskipscan'),
	('invocations', 'invocations_status_details', '1000000 300000 1 noskipscan'),
	('invocations', 'invocations_unfinished', '500 200 100 3 noskipscan'),
	('leases', 'sqlite_autoindex_leases_1', '10 1'),
	('outputs', 'outputs_sha256', '400000 1'),
	('plugins', 'plugins_output_id', '1000000 4'),
	('plugins', 'plugins_response_code', '150000 20000'),
	('plugins', 'sqlite_autoindex_plugins_1', '1000000 2 1 noskipscan'),
	('revision_pages', NULL, '20000'),
	('revisions', 'revisions_invocation_id', '1500000 2'),
	('run_sources', 'sqlite_autoindex_run_sources_1', '200000 2 2 1 noskipscan'),
	('runs', 'runs_started_at', '100000 1'),
	('state_dictionaries', NULL, '10'),
	('sweeps', 'sweeps_failed', '1000 200 100 1 noskipscan'),
	('sweeps', 'sweeps_run_id', '500000 5'),
	('unfinished_commands', 'sqlite_autoindex_unfinished_commands_1', '100 20 10 1 noskipscan');--> statement-breakpoint
ANALYZE `sqlite_schema`;
