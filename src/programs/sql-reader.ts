import { endVisibly } from '../lib/process/end-visibly.ts';
import { runReader } from '../processes/pool/run-reader.ts';
import { isWorn } from '../processes/sql/is-worn.ts';
import { sqlReads, warmUp } from '../processes/sql/sql-reads.ts';

// The composition root of a process that answers SQL from callers: processes/pool/start-reader.ts starts them.
endVisibly();
runReader({ reads: {}, streams: sqlReads, warmUp, isWorn });
