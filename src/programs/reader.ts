import { LakePlace } from '../lake/files/lake-files.ts';
import { openSealedDays } from '../lake/read/open-sealed-days.ts';
import { endVisibly } from '../lib/process/end-visibly.ts';
import { reads, streams } from '../processes/pool/reads.ts';
import { runReader } from '../processes/pool/run-reader.ts';

// The composition root of a reading process: processes/pool/start-reader.ts starts them for `serve`.
endVisibly();
runReader({
  ...{ reads, streams },
  openSealed: (place, connect) =>
    openSealedDays({ place: place === undefined ? undefined : LakePlace.parse(JSON.parse(place)), connect }),
});
