import { runStager } from '../lake/stager/run-stager.ts';
import { lowerPriority } from '../lib/child/lower-priority.ts';
import { endVisibly } from '../lib/process/end-visibly.ts';

// The composition root of a process that writes the files of days: programs/sealer.ts starts one for each seal.
endVisibly();

// Before DuckDB starts threads, which inherit it.
lowerPriority();

runStager();
