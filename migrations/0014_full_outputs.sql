CREATE TABLE `full_outputs` (
	`seq` integer PRIMARY KEY NOT NULL,
	`invocation_id` integer NOT NULL,
	`position` integer NOT NULL,
	`name` text,
	`stream` text NOT NULL,
	`provenance` text NOT NULL,
	`location_json` text,
	`fetched_at` text NOT NULL,
	`output_id` integer,
	`encoding` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`total_bytes` integer,
	`cut_by` text,
	`sha256` blob NOT NULL,
	`salt` blob NOT NULL,
	FOREIGN KEY (`invocation_id`) REFERENCES `invocations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`output_id`) REFERENCES `outputs`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "full_outputs_stream" CHECK("full_outputs"."stream" IN ('stdout', 'stderr')),
	CONSTRAINT "full_outputs_provenance" CHECK("full_outputs"."provenance" IN ('get', 's3', 'logs')),
	CONSTRAINT "full_outputs_encoding" CHECK("full_outputs"."encoding" IN ('utf-8', 'utf-16le', 'utf-16be', 'latin1')),
	CONSTRAINT "full_outputs_cut_by" CHECK("full_outputs"."cut_by" IN ('service', 'limit')),
	CONSTRAINT "full_outputs_size" CHECK("full_outputs"."size_bytes" >= 0 AND "full_outputs"."total_bytes" >= "full_outputs"."size_bytes")
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `full_outputs_key` ON `full_outputs` (`invocation_id`,`position`,`stream`,`provenance`);--> statement-breakpoint
CREATE INDEX `full_outputs_output_id` ON `full_outputs` (`output_id`);--> statement-breakpoint
CREATE TABLE `output_queue` (
	`invocation_id` integer NOT NULL,
	`position` integer NOT NULL,
	`provenance` text NOT NULL,
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`requested_at` text NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`is_denied` integer DEFAULT 0 NOT NULL,
	`last_error` text,
	`gave_up_at` text,
	PRIMARY KEY(`invocation_id`, `position`, `provenance`),
	FOREIGN KEY (`invocation_id`) REFERENCES `invocations`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "output_queue_provenance" CHECK("output_queue"."provenance" IN ('get', 's3', 'logs'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `output_queue_next` ON `output_queue` (`account_id`,`region`,`provenance`,`is_denied`,`requested_at`) WHERE gave_up_at IS NULL;--> statement-breakpoint
CREATE TABLE `output_queue_marks` (
	`account_id` text NOT NULL,
	`region` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`account_id`, `region`)
) STRICT;
--> statement-breakpoint
CREATE TRIGGER `full_outputs_are_not_updated` BEFORE UPDATE OF `seq`, `invocation_id`, `position`, `name`, `stream`, `provenance`, `location_json`, `fetched_at`, `encoding`, `size_bytes`, `total_bytes`, `cut_by`, `sha256`, `salt` ON `full_outputs` BEGIN
	SELECT raise(ABORT, 'full_outputs are append-only: what was printed is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `full_outputs_are_not_emptied` BEFORE UPDATE OF `output_id` ON `full_outputs` WHEN new.`output_id` IS NOT NULL OR coalesce((SELECT `to_seq` FROM `pruned_leaves` WHERE `what` = 'outputs' AND `from_seq` <= old.`seq` ORDER BY `from_seq` DESC LIMIT 1), 0) < old.`seq` BEGIN
	SELECT raise(ABORT, 'full_outputs are append-only: a text is never taken from them without a tombstone');
END;--> statement-breakpoint
CREATE TRIGGER `full_outputs_are_not_deleted` BEFORE DELETE ON `full_outputs` WHEN coalesce((SELECT `to_seq` FROM `pruned_leaves` WHERE `what` = 'entries' AND `from_seq` <= old.`seq` ORDER BY `from_seq` DESC LIMIT 1), 0) < old.`seq` BEGIN
	SELECT raise(ABORT, 'full_outputs are append-only: what was printed is never deleted without a tombstone');
END;--> statement-breakpoint
CREATE TRIGGER `full_outputs_are_not_replaced` BEFORE INSERT ON `full_outputs` WHEN EXISTS (SELECT 1 FROM `full_outputs` WHERE `seq` = new.`seq` OR (`invocation_id` = new.`invocation_id` AND `position` = new.`position` AND `stream` = new.`stream` AND `provenance` = new.`provenance`)) BEGIN
	SELECT raise(ABORT, 'full_outputs are append-only: what was printed is never replaced');
END;--> statement-breakpoint
INSERT INTO `sqlite_stat1` (`tbl`, `idx`, `stat`) VALUES
	('full_outputs', 'full_outputs_key', '200000 4 4 2 1 noskipscan'),
	('full_outputs', 'full_outputs_output_id', '200000 2'),
	('output_queue', 'output_queue_next', '1000 500 100 50 25 1 noskipscan'),
	('output_queue', 'sqlite_autoindex_output_queue_1', '1000 2 1 1 noskipscan'),
	('output_queue_marks', 'sqlite_autoindex_output_queue_marks_1', '100 20 1 noskipscan');--> statement-breakpoint
ANALYZE `sqlite_schema`;
