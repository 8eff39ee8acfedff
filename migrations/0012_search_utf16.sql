CREATE TABLE `decoded_outputs` (
	`output_id` integer PRIMARY KEY NOT NULL,
	`text` text NOT NULL,
	FOREIGN KEY (`output_id`) REFERENCES `outputs`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `outputs_to_decode` (
	`first_id` integer PRIMARY KEY NOT NULL,
	`last_id` integer NOT NULL
) STRICT;
--> statement-breakpoint
-- What is searched of an output: docs/decisions/0048-search-of-utf-16.md.
CREATE VIEW `searched_outputs` AS
SELECT o.`id`, coalesce(d.`text`, o.`text`) AS `text`
FROM `outputs` o
LEFT JOIN `decoded_outputs` d ON d.`output_id` = o.`id`;
--> statement-breakpoint
INSERT INTO `outputs_to_decode` (`first_id`, `last_id`)
SELECT min(`id`), max(`id`) FROM `outputs_fts_docsize` HAVING count(*) > 0;
--> statement-breakpoint
-- The index stays as it is, and reads another relation: FTS5 has no command for it, and to fill a new index takes minutes for millions of
-- outputs. SQLite documents this way for changes that leave what is stored as it is (https://www.sqlite.org/lang_altertable.html, 7).
PRAGMA writable_schema = ON;
--> statement-breakpoint
UPDATE sqlite_schema SET sql = replace(sql, 'content = ''outputs''', 'content = ''searched_outputs''') WHERE type = 'table' AND name = 'outputs_fts';
--> statement-breakpoint
PRAGMA writable_schema = RESET;
