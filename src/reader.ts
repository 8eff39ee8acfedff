import { endVisibly } from './lib/end-visibly.ts';
import { reads, streams } from './processes/reads.ts';
import { runReader } from './processes/run-reader.ts';

// The composition root of a reading process: processes/fork-reader.ts starts them for `serve`.
endVisibly();
runReader({ reads, streams });
