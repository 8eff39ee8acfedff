import { openGatherer } from '../lake/read/gather-rows.ts';
import { endVisibly } from '../lib/process/end-visibly.ts';
import { runEvidenceMaker } from '../processes/evidence/run-evidence-maker.ts';

// The composition root of a process that makes an evidence pack: processes/evidence/make-evidence-apart.ts starts one
// for each pack.
endVisibly();
runEvidenceMaker(openGatherer);
