import { readFileSync } from 'node:fs';
import { openArchive } from '../../src/db/open.ts';

// open.test.ts runs this program. It reports that it is ready, waits until its standard input ends, and opens the
// archive.
process.stdout.write('ready\n');
readFileSync(0);
const db = openArchive(process.argv[2] ?? '');
process.stdout.write(String(db.sqlite.prepare('SELECT count(*) FROM __drizzle_migrations').pluck().get()));
db.close();
