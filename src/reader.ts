import { endVisibly } from './lib/end-visibly.ts';
import { reads, streams } from './readers/reads.ts';
import { runReader } from './readers/run-reader.ts';

// The composition root of a reading process: readers/fork-reader.ts starts them for `serve`.
endVisibly();
runReader({ reads, streams });
