import { endVisibly } from '../lib/process/end-visibly.ts';
import { runEvidenceMaker } from '../processes/evidence/run-evidence-maker.ts';

// The composition root of a process that makes a pack of evidence: processes/evidence/make-evidence-apart.ts starts one for each.
endVisibly();
runEvidenceMaker();
