import { endVisibly } from '../lib/process/end-visibly.ts';
import { reads, streams } from '../processes/pool/reads.ts';
import { runReader } from '../processes/pool/run-reader.ts';

// The composition root of a reading process: processes/pool/start-reader.ts starts them for `serve`.
endVisibly();
runReader({ reads, streams });
