CREATE TABLE `late_looks` (
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`looked_to_at` text NOT NULL,
	`next_from_at` text NOT NULL,
	`rows_a_call` integer NOT NULL,
	`left_out` integer NOT NULL,
	`looked_at` text NOT NULL,
	PRIMARY KEY(`account_id`, `region`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `late_looks_owed` (
	`invocation_id` integer PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`requested_at` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `late_looks_owed_place` ON `late_looks_owed` (`account_id`,`region`,`requested_at`);--> statement-breakpoint
INSERT INTO `sqlite_stat1` (`tbl`, `idx`, `stat`) VALUES
	('late_looks', 'sqlite_autoindex_late_looks_1', '100 20 1 noskipscan'),
	('late_looks_owed', 'late_looks_owed_place', '1000 500 200 1 noskipscan');--> statement-breakpoint
ANALYZE `sqlite_schema`;
