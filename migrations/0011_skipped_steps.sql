ALTER TABLE `plugins` ADD `is_skipped` integer DEFAULT 0;--> statement-breakpoint
-- Which steps the agent skipped is said by what it printed alone: src/lib/skipped-steps.ts and src/db/skipped-sql.ts.
UPDATE `plugins` SET `is_skipped` = 1 WHERE `status` = 'Success' AND `response_code` = 0 AND `output_id` IN (SELECT o.id FROM `outputs` o WHERE (substr(CAST(o.text AS BLOB), 1, 57) IS CAST('Step execution skipped due to unsatisfied preconditions: ' AS BLOB)
	OR substr(CAST(o.text AS BLOB), 1, 50) IS CAST('Step execution skipped due to unsupported plugin: ' AS BLOB)
	OR substr(CAST(o.text AS BLOB), 1, 53) IS CAST('Step execution skipped due to incompatible platform. ' AS BLOB)
	OR substr(CAST(o.text AS BLOB), 1, 17) IS CAST('Plugin with name ' AS BLOB) AND substr(CAST(o.text AS BLOB), -49) IS CAST(' skipped due to prior step with an exit condition' AS BLOB))
	AND instr(CAST(o.text AS BLOB), x'0A') = 0 AND instr(CAST(o.text AS BLOB), x'0D') = 0);--> statement-breakpoint
-- Of a step whose output was pruned already nobody can say it.
UPDATE `plugins` SET `is_skipped` = NULL WHERE `is_output_pruned` = 1 AND `status` = 'Success' AND `response_code` = 0;--> statement-breakpoint
DROP VIEW `plugin_runs`;--> statement-breakpoint
-- A step that was skipped took no time: src/db/step-duration.ts.
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
	CASE WHEN p.is_skipped IS NOT 1 AND p.started_at > '1970-01-01T00:00:00.000Z' AND p.finished_at >= p.started_at
		THEN CAST(round((julianday(p.finished_at) - julianday(p.started_at)) * 86400000) AS INTEGER) END AS `duration_ms`,
	p.`output_id`, (SELECT o.`text` FROM `outputs` o WHERE o.`id` = p.`output_id`) AS `output`,
	(SELECT o.size_bytes >= 2500 OR o.size_bytes >= 2390 AND (
		substr(CAST(o.text AS BLOB), -22) IN (CAST('---Output truncated---' AS BLOB), CAST('---Error truncated----' AS BLOB))
		OR instr(CAST(o.text AS BLOB), CAST('---Output truncated---' || char(10) || '----------ERROR-------' || char(10) AS BLOB)) > 0)
		FROM `outputs` o WHERE o.`id` = p.`output_id`) AS `is_output_truncated`,
	p.`standard_output_url` AS `plugin_standard_output_url`, p.`standard_error_url` AS `plugin_standard_error_url`,
	p.`output_s3_region`, p.`output_s3_bucket_name`, p.`output_s3_key_prefix`, p.`is_output_pruned`, p.`is_skipped`
FROM `plugins` p
JOIN `invocations` i ON i.`id` = p.`invocation_id`;
