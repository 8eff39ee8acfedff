import { LakePlace } from '../lake/files/lake-files.ts';
import { openHotCopies } from '../lake/hot/open-hot-copies.ts';
import { endVisibly } from '../lib/process/end-visibly.ts';
import { connectHere, lakeGiven } from '../processes/pool/run-reader.ts';
import { findVerb, serveReads } from '../processes/pool/serve-reads.ts';
import type { CopyReads } from '../processes/sql/lake-reads.ts';

// The composition root of the process that makes the lake ready for SQL: processes/sql/create-lake-sql.ts starts it.
endVisibly();
const place = lakeGiven();
const { ready } = openHotCopies({
  place: place === undefined ? undefined : LakePlace.parse(JSON.parse(place)),
  connect: connectHere,
  now: () => new Date(),
});
const reads: { [Name in keyof CopyReads]: () => ReturnType<CopyReads[Name]> } = { readyView: ready };
serveReads({
  read: ({ name }) => findVerb(reads, name)(),
  stream: ({ name }) => findVerb({}, name),
  isWorn: () => false,
});
