import { createRevisionRecorder } from '../../../src/archive/record/record-revisions.ts';
import { openArchive } from '../../../src/db/open.ts';

// state-dictionary.test.ts runs this program. It reports that it has opened the archive, and makes a recorder.
const db = openArchive(process.argv[2] ?? '');
process.stdout.write('ready\n');
createRevisionRecorder(db.sqlite);
process.stdout.write('made\n');
db.close();
