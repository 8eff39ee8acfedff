DROP VIEW `plugin_runs`;--> statement-breakpoint
-- A step that ended before it began took nobody knows how long: src/db/step-duration.ts.
-- What the agent cut has its mark at the end of a stream, and is near its limit: src/db/is-output-truncated.ts.
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
	CASE WHEN p.started_at > '1970-01-01T00:00:00.000Z' AND p.finished_at >= p.started_at
		THEN CAST(round((julianday(p.finished_at) - julianday(p.started_at)) * 86400000) AS INTEGER) END AS `duration_ms`,
	p.`output_id`, (SELECT o.`text` FROM `outputs` o WHERE o.`id` = p.`output_id`) AS `output`,
	(SELECT o.size_bytes >= 2500 OR o.size_bytes >= 2390 AND (
		substr(CAST(o.text AS BLOB), -22) IN (CAST('---Output truncated---' AS BLOB), CAST('---Error truncated----' AS BLOB))
		OR instr(CAST(o.text AS BLOB), CAST('---Output truncated---' || char(10) || '----------ERROR-------' || char(10) AS BLOB)) > 0)
		FROM `outputs` o WHERE o.`id` = p.`output_id`) AS `is_output_truncated`,
	p.`standard_output_url` AS `plugin_standard_output_url`, p.`standard_error_url` AS `plugin_standard_error_url`,
	p.`output_s3_region`, p.`output_s3_bucket_name`, p.`output_s3_key_prefix`, p.`is_output_pruned`
FROM `plugins` p
JOIN `invocations` i ON i.`id` = p.`invocation_id`;
