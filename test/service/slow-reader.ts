import type { Database } from 'better-sqlite3';
import { reads, streams } from '../../src/processes/pool/reads.ts';
import { runReader } from '../../src/processes/pool/run-reader.ts';

// The service's reading process, except that its statistics never end.
const readStats = (sqlite: Database) =>
  sqlite.prepare('WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c').get();
runReader({ reads: { ...reads, readStats }, streams });
