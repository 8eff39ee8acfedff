-- How many invocations are missing is not known while a command runs, nor of a command that was never listed: until now the
-- view said 0, as of a command that lacks none.
DROP VIEW `command_details`;--> statement-breakpoint
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
LEFT JOIN `command_senders` s ON s.`account_id` = c.`account_id` AND s.`region` = c.`region` AND s.`command_id` = c.`command_id`;
