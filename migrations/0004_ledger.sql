CREATE TABLE `ledger_checkpoints` (
	`size` integer PRIMARY KEY NOT NULL,
	`made_at` text NOT NULL,
	`note` text NOT NULL
) STRICT;--> statement-breakpoint
CREATE TABLE `ledger_entries` (
	`seq` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`entry_json` text NOT NULL
) STRICT;--> statement-breakpoint
CREATE TABLE `ledger_tiles` (
	`level` integer NOT NULL,
	`number` integer NOT NULL,
	`hashes` blob NOT NULL,
	PRIMARY KEY(`level`, `number`),
	CONSTRAINT "ledger_tiles_hashes" CHECK(length("hashes") BETWEEN 32 AND 8192 AND length("hashes") % 32 = 0)
) STRICT;--> statement-breakpoint
ALTER TABLE `revisions` ADD `fingerprint` blob;--> statement-breakpoint
CREATE TRIGGER `ledger_checkpoints_are_not_updated` BEFORE UPDATE ON `ledger_checkpoints` BEGIN
	SELECT raise(ABORT, 'ledger_checkpoints are append-only: what was signed is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `ledger_checkpoints_are_not_deleted` BEFORE DELETE ON `ledger_checkpoints` BEGIN
	SELECT raise(ABORT, 'ledger_checkpoints are append-only: what was signed is never deleted');
END;--> statement-breakpoint
CREATE TRIGGER `ledger_checkpoints_are_not_replaced` BEFORE INSERT ON `ledger_checkpoints` WHEN EXISTS (SELECT 1 FROM `ledger_checkpoints` WHERE `size` = new.`size`) BEGIN
	SELECT raise(ABORT, 'ledger_checkpoints are append-only: what was signed is never replaced');
END;--> statement-breakpoint
CREATE TRIGGER `ledger_entries_are_not_updated` BEFORE UPDATE ON `ledger_entries` BEGIN
	SELECT raise(ABORT, 'ledger_entries are append-only: an entry is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `ledger_entries_are_not_deleted` BEFORE DELETE ON `ledger_entries` BEGIN
	SELECT raise(ABORT, 'ledger_entries are append-only: an entry is never deleted');
END;--> statement-breakpoint
CREATE TRIGGER `ledger_entries_are_not_replaced` BEFORE INSERT ON `ledger_entries` WHEN EXISTS (SELECT 1 FROM `ledger_entries` WHERE `seq` = new.`seq`) BEGIN
	SELECT raise(ABORT, 'ledger_entries are append-only: an entry is never replaced');
END;--> statement-breakpoint
CREATE TRIGGER `ledger_tiles_only_grow` BEFORE UPDATE ON `ledger_tiles` WHEN new.`level` <> old.`level` OR new.`number` <> old.`number`
	OR substr(new.`hashes`, 1, length(old.`hashes`)) <> old.`hashes` BEGIN
	SELECT raise(ABORT, 'ledger_tiles are append-only: a hash is never changed');
END;--> statement-breakpoint
CREATE TRIGGER `ledger_tiles_are_not_deleted` BEFORE DELETE ON `ledger_tiles` BEGIN
	SELECT raise(ABORT, 'ledger_tiles are append-only: a hash is never deleted');
END;--> statement-breakpoint
CREATE TRIGGER `ledger_tiles_are_not_replaced` BEFORE INSERT ON `ledger_tiles`
	WHEN EXISTS (SELECT 1 FROM `ledger_tiles` WHERE `level` = new.`level` AND `number` = new.`number`) BEGIN
	SELECT raise(ABORT, 'ledger_tiles are append-only: a tile is never replaced');
END;--> statement-breakpoint
CREATE TRIGGER `ledger_entries_have_a_seq_of_their_own` BEFORE INSERT ON `ledger_entries` WHEN EXISTS (SELECT 1 FROM `revisions` WHERE `seq` = new.`seq`) BEGIN
	SELECT raise(ABORT, 'a revision has this seq already');
END;--> statement-breakpoint
INSERT INTO `sqlite_stat1` (`tbl`, `idx`, `stat`) VALUES
	('ledger_checkpoints', NULL, '10000'),
	('ledger_entries', NULL, '500000'),
	('ledger_tiles', 'sqlite_autoindex_ledger_tiles_1', '6000 2000 1 noskipscan');--> statement-breakpoint
ANALYZE `sqlite_schema`;
