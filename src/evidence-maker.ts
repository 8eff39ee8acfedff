import { endVisibly } from './lib/end-visibly.ts';
import { runEvidenceMaker } from './readers/evidence/run-evidence-maker.ts';

// The composition root of a process that makes a pack of evidence: readers/evidence/make-evidence-apart.ts starts one for each.
endVisibly();
runEvidenceMaker();
