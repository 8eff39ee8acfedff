import { endVisibly } from './lib/end-visibly.ts';
import { runReader } from './readers/run-reader.ts';
import { isWorn } from './readers/sql/is-worn.ts';
import { sqlReads, warmUp } from './readers/sql/sql-reads.ts';

// The composition root of a process that answers SQL of anyone's; readers/fork-reader.ts starts them.
endVisibly();
runReader({ reads: {}, streams: sqlReads, warmUp, isWorn });
