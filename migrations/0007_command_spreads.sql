CREATE TABLE `command_spreads` (
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`assumed_ms` integer NOT NULL,
	`longest_ms` integer NOT NULL,
	`command_id` text,
	PRIMARY KEY(`account_id`, `region`)
) STRICT;--> statement-breakpoint
-- What older versions collected: per account and region the command whose last invocation came longest after it.
INSERT INTO `command_spreads` (`account_id`, `region`, `assumed_ms`, `longest_ms`, `command_id`)
SELECT `account_id`, `region`, 172800000, max(`spread_ms`), `command_id` FROM (
	SELECT c.`account_id`, c.`region`, c.`command_id`,
		CAST(round((julianday(i.`last_at`) - julianday(c.`requested_at`)) * 86400000) AS INTEGER) AS `spread_ms`
	FROM (SELECT `command_id`, `account_id`, `region`, max(`requested_at`) AS `last_at` FROM `invocations` GROUP BY `command_id`, `account_id`, `region`) i
	JOIN `commands` c ON c.`account_id` = i.`account_id` AND c.`region` = i.`region` AND c.`command_id` = i.`command_id`
) WHERE `spread_ms` >= 0 GROUP BY `account_id`, `region`;--> statement-breakpoint
-- A place of which no pass has said how long a spread it assumes is taken to assume 48 hours.
CREATE VIEW `coverage_states` AS
WITH `spans` AS (
	SELECT c.`account_id`, c.`region`, c.`from_at`, c.`to_at`,
		lag(c.`to_at`) OVER (PARTITION BY c.`account_id`, c.`region` ORDER BY c.`from_at`) AS `before_at`,
		max(coalesce(s.`assumed_ms`, 172800000), coalesce((SELECT max(`longest_ms`) FROM `command_spreads`), 0)) AS `spread_ms`
	FROM `coverage` c LEFT JOIN `command_spreads` s ON s.`account_id` = c.`account_id` AND s.`region` = c.`region`
), `known` AS (
	SELECT *, min(`to_at`, strftime('%Y-%m-%dT%H:%M:%fZ', `from_at`, format('+%.3f seconds', `spread_ms` / 1000.0))) AS `known_from_at` FROM `spans`
)
SELECT `account_id`, `region`, 'covered' AS `state`, `known_from_at` AS `from_at`, `to_at`, `spread_ms` FROM `known` WHERE `known_from_at` < `to_at`
UNION ALL
SELECT `account_id`, `region`, 'edge', `from_at`, `known_from_at`, `spread_ms` FROM `known` WHERE `from_at` < `known_from_at`
UNION ALL
SELECT `account_id`, `region`, 'gap', `before_at`, `from_at`, `spread_ms` FROM `known` WHERE `before_at` < `from_at`;--> statement-breakpoint
INSERT INTO `sqlite_stat1` (`tbl`, `idx`, `stat`) VALUES
	('command_spreads', 'sqlite_autoindex_command_spreads_1', '100 20 1 noskipscan');--> statement-breakpoint
ANALYZE `sqlite_schema`;
