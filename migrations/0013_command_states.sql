CREATE TABLE `command_states` (
	`seq` integer PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`command_id` text NOT NULL,
	`observed_at` text NOT NULL,
	`seen_in` text NOT NULL,
	`status` text,
	`status_details` text,
	`target_count` integer,
	`completed_count` integer,
	`error_count` integer,
	`delivery_timed_out_count` integer,
	`dictionary_id` integer,
	`state` blob,
	`salt` blob,
	`fingerprint` blob,
	FOREIGN KEY (`dictionary_id`) REFERENCES `state_dictionaries`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "command_states_seen_in" CHECK("command_states"."seen_in" IN ('ListCommands', 'ListCommandInvocations'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `command_states_command` ON `command_states` (`command_id`,`account_id`,`region`);--> statement-breakpoint
-- Until now an entry of the ledger had a command's whole row, each time it changed. These entries stay as they are; from
-- now on their states are found here. An entry that was made from an invocation has no time of its own: the first one
-- has the time of the row, and a later one that of the revision that was written just before it.
INSERT INTO `command_states` (`seq`, `account_id`, `region`, `command_id`, `observed_at`, `seen_in`, `status`, `status_details`,
	`target_count`, `completed_count`, `error_count`, `delivery_timed_out_count`)
SELECT `seq`, row ->> '$.account_id', row ->> '$.region', row ->> '$.command_id',
	coalesce(row ->> '$.changed_at',
		CASE WHEN row_number() OVER (PARTITION BY row ->> '$.account_id', row ->> '$.region', row ->> '$.command_id' ORDER BY `seq`) > 1
			THEN (SELECT `observed_at` FROM `revisions` r WHERE r.`seq` < e.`seq` ORDER BY r.`seq` DESC LIMIT 1) END,
		row ->> '$.first_seen_at'),
	CASE WHEN row ->> '$.fingerprint' IS NULL THEN 'ListCommandInvocations' ELSE 'ListCommands' END,
	row ->> '$.status', row ->> '$.status_details', row ->> '$.target_count', row ->> '$.completed_count', row ->> '$.error_count',
	row ->> '$.delivery_timed_out_count'
FROM (SELECT `seq`, `entry_json` -> '$.row' AS row FROM `ledger_entries`
	WHERE `kind` = 'row' AND CASE WHEN json_valid(`entry_json`) THEN `entry_json` ->> '$.table' END = 'commands') e;--> statement-breakpoint
CREATE TRIGGER `command_states_are_not_updated` BEFORE UPDATE ON `command_states` BEGIN
	SELECT raise(ABORT, 'command_states are append-only: an observed state is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `command_states_are_not_deleted` BEFORE DELETE ON `command_states` WHEN coalesce((SELECT `to_seq` FROM `pruned_leaves` WHERE `what` = 'entries' AND `from_seq` <= old.`seq` ORDER BY `from_seq` DESC LIMIT 1), 0) < old.`seq` BEGIN
	SELECT raise(ABORT, 'command_states are append-only: an observed state is never deleted without a tombstone');
END;--> statement-breakpoint
CREATE TRIGGER `command_states_are_not_replaced` BEFORE INSERT ON `command_states` WHEN EXISTS (SELECT 1 FROM `command_states` WHERE `seq` = new.`seq`) BEGIN
	SELECT raise(ABORT, 'command_states are append-only: an observed state is never replaced');
END;--> statement-breakpoint
CREATE TABLE `short_commands` (
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`command_id` text NOT NULL,
	`requested_at` text,
	`missing` integer NOT NULL,
	PRIMARY KEY(`account_id`, `region`, `command_id`),
	CONSTRAINT "short_commands_missing" CHECK("short_commands"."missing" > 0)
) STRICT;
--> statement-breakpoint
CREATE INDEX `short_commands_requested_at` ON `short_commands` (`account_id`,`region`,`requested_at`);--> statement-breakpoint
-- A command whose invocations may have been pruned is left out: nobody can say any more whether it ever lacked one.
INSERT INTO `short_commands`
SELECT `account_id`, `region`, `command_id`, `requested_at`, `target_count` - known FROM (
	SELECT c.*, (SELECT count(*) FROM `invocations` i WHERE i.`command_id` = c.`command_id` AND i.`account_id` = c.`account_id` AND i.`region` = c.`region`) AS known
	FROM `commands` c WHERE c.`status` IN ('Success', 'Cancelled', 'TimedOut', 'Failed'))
WHERE `target_count` > known AND NOT EXISTS (SELECT 1 FROM `pruned_leaves` WHERE `what` = 'entries');--> statement-breakpoint
CREATE VIEW `command_details` AS
SELECT c.`account_id`, c.`region`, c.`command_id`, c.`document_name`, c.`document_version`, c.`comment`, c.`requested_at`,
	c.`status`, c.`status_details`, c.`parameters_json`, c.`instance_ids_json`, c.`targets_json`,
	c.`target_count`, c.`completed_count`, c.`error_count`, c.`delivery_timed_out_count`,
	(SELECT count(*) FROM `invocations` i WHERE i.`command_id` = c.`command_id` AND i.`account_id` = c.`account_id` AND i.`region` = c.`region`) AS `invocations`,
	CASE WHEN c.`target_count` IS NOT NULL AND c.`status` IN ('Success', 'Cancelled', 'TimedOut', 'Failed') THEN coalesce((SELECT m.`missing` FROM `short_commands` m
		WHERE m.`account_id` = c.`account_id` AND m.`region` = c.`region` AND m.`command_id` = c.`command_id`), 0) END AS `missing_invocations`,
	c.`max_concurrency`, c.`max_errors`, c.`timeout_seconds`, c.`expires_at`,
	c.`output_s3_region`, c.`output_s3_bucket_name`, c.`output_s3_key_prefix`, c.`service_role`,
	c.`notification_arn`, c.`notification_events_json`, c.`notification_type`, c.`cloudwatch_log_group`, c.`is_cloudwatch_output_enabled`,
	c.`other_members_json`, c.`fingerprint` IS NOT NULL AS `is_listed`, c.`first_seen_at`, c.`changed_at`,
	s.`principal_arn` AS `sender_arn`, s.`principal_type` AS `sender_type`, s.`invoked_by` AS `sent_by_service`,
	s.`source_ip_address` AS `sender_ip_address`, s.`user_agent` AS `sender_user_agent`, s.`event_at` AS `sender_event_at`
FROM `commands` c
LEFT JOIN `command_senders` s ON s.`account_id` = c.`account_id` AND s.`region` = c.`region` AND s.`command_id` = c.`command_id`;--> statement-breakpoint
INSERT INTO `sqlite_stat1` (`tbl`, `idx`, `stat`) VALUES
	('command_states', 'command_states_command', '1200000 3 3 3 noskipscan'),
	('short_commands', 'short_commands_requested_at', '1000 500 200 1 noskipscan'),
	('short_commands', 'sqlite_autoindex_short_commands_1', '1000 500 200 1 noskipscan');--> statement-breakpoint
ANALYZE `sqlite_schema`;
