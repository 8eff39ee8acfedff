CREATE TABLE `day_moves` (
	`invocation_id` integer NOT NULL,
	`seq` integer NOT NULL,
	`from_day` text NOT NULL,
	PRIMARY KEY(`invocation_id`, `seq`)
) STRICT;
--> statement-breakpoint
ALTER TABLE `sealed_commands` ADD `first_requested_at` text;--> statement-breakpoint
INSERT INTO `sqlite_stat1` (`tbl`, `idx`, `stat`) VALUES ('day_moves', 'sqlite_autoindex_day_moves_1', '100 1 1');--> statement-breakpoint
ANALYZE `sqlite_schema`;
