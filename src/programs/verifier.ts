import { endVisibly } from '../lib/process/end-visibly.ts';
import { runVerifier } from '../processes/verify/run-verifier.ts';

// The composition root of a verifying process: processes/verify/start-verifier.ts starts several for each verification.
endVisibly();
runVerifier();
