CREATE TABLE `command_listings` (
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`listed_to_at` text NOT NULL,
	PRIMARY KEY(`account_id`, `region`)
) STRICT;
--> statement-breakpoint
ALTER TABLE `commands` ADD `status` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `status_details` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `parameters_json` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `instance_ids_json` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `targets_json` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `target_count` integer;--> statement-breakpoint
ALTER TABLE `commands` ADD `completed_count` integer;--> statement-breakpoint
ALTER TABLE `commands` ADD `error_count` integer;--> statement-breakpoint
ALTER TABLE `commands` ADD `delivery_timed_out_count` integer;--> statement-breakpoint
ALTER TABLE `commands` ADD `max_concurrency` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `max_errors` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `timeout_seconds` integer;--> statement-breakpoint
ALTER TABLE `commands` ADD `expires_at` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `output_s3_region` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `output_s3_bucket_name` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `output_s3_key_prefix` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `service_role` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `notification_arn` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `notification_events_json` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `notification_type` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `cloudwatch_log_group` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `is_cloudwatch_output_enabled` integer;--> statement-breakpoint
ALTER TABLE `commands` ADD `other_members_json` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `changed_at` text;--> statement-breakpoint
ALTER TABLE `commands` ADD `fingerprint` blob;--> statement-breakpoint
CREATE INDEX `commands_account` ON `commands` (`account_id`,`region`,`requested_at`,`command_id`);--> statement-breakpoint
CREATE INDEX `commands_unended` ON `commands` (`account_id`,`region`,`requested_at`) WHERE status NOT IN ('Success', 'Cancelled', 'TimedOut', 'Failed');--> statement-breakpoint
INSERT INTO `sqlite_stat1` (`tbl`, `idx`, `stat`) VALUES
	('command_listings', 'sqlite_autoindex_command_listings_1', '100 20 1 noskipscan'),
	('commands', 'commands_account', '400000 100000 50000 1 1 noskipscan'),
	('commands', 'commands_unended', '500 200 100 1 noskipscan');--> statement-breakpoint
ANALYZE `sqlite_schema`;
