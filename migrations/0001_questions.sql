CREATE TABLE `commands` (
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`command_id` text NOT NULL,
	`document_name` text,
	`document_version` text,
	`comment` text,
	`requested_at` text,
	`first_seen_at` text NOT NULL,
	PRIMARY KEY(`account_id`, `region`, `command_id`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `commands_requested_at` ON `commands` (`requested_at`,`command_id`,`account_id`,`region`);--> statement-breakpoint
CREATE TABLE `daily_counts` (
	`id` integer PRIMARY KEY NOT NULL,
	`day` text,
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`document_name` text,
	`status` text,
	`status_details` text,
	`invocations` integer NOT NULL,
	CONSTRAINT "daily_counts_invocations" CHECK("daily_counts"."invocations" >= 0)
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `daily_counts_key` ON `daily_counts` (`day`,`account_id`,`region`,`document_name`,`status`,`status_details`);--> statement-breakpoint
DROP INDEX `invocations_key`;--> statement-breakpoint
CREATE INDEX `invocations_changed_at` ON `invocations` (`changed_at`);--> statement-breakpoint
CREATE INDEX `invocations_account` ON `invocations` (`account_id`,`region`,`requested_at`);--> statement-breakpoint
CREATE INDEX `invocations_document` ON `invocations` (`document_name`,`requested_at`);--> statement-breakpoint
CREATE INDEX `invocations_instance` ON `invocations` (`instance_id`,`requested_at`);--> statement-breakpoint
CREATE INDEX `invocations_status` ON `invocations` (`status`,`requested_at`) WHERE status <> 'Success';--> statement-breakpoint
CREATE INDEX `invocations_status_details` ON `invocations` (`status_details`,`requested_at`) WHERE status_details <> 'Success';--> statement-breakpoint
CREATE INDEX `invocations_changed_later` ON `invocations` (`changed_at`,`first_seen_at`) WHERE changed_at > first_seen_at;--> statement-breakpoint
CREATE INDEX `invocations_ahead` ON `invocations` (`requested_at`) WHERE requested_at > first_seen_at;--> statement-breakpoint
CREATE UNIQUE INDEX `invocations_key` ON `invocations` (`command_id`,`account_id`,`region`,`instance_id`);--> statement-breakpoint
CREATE INDEX `plugins_output_id` ON `plugins` (`output_id`);--> statement-breakpoint
CREATE INDEX `plugins_response_code` ON `plugins` (`response_code`) WHERE response_code <> 0;--> statement-breakpoint
CREATE VIRTUAL TABLE `outputs_fts` USING fts5(`text`, content = 'outputs', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');--> statement-breakpoint
INSERT INTO `commands` (`account_id`, `region`, `command_id`, `document_name`, `document_version`, `comment`, `requested_at`, `first_seen_at`)
SELECT `account_id`, `region`, `command_id`, `document_name`, `document_version`, `comment`, min(`requested_at`), `first_seen_at`
FROM `invocations` GROUP BY `account_id`, `region`, `command_id`;--> statement-breakpoint
INSERT INTO `daily_counts` (`day`, `account_id`, `region`, `document_name`, `status`, `status_details`, `invocations`)
SELECT substr(`requested_at`, 1, 10), `account_id`, `region`, `document_name`, `status`, `status_details`, count(*)
FROM `invocations` GROUP BY 1, 2, 3, 4, 5, 6;
