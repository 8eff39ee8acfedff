import { endVisibly } from './lib/end-visibly.ts';
import { runVerifier } from './readers/verify/run-verifier.ts';

// The composition root of a verifying process: readers/verify/fork-verifier.ts starts some for each verification.
endVisibly();
runVerifier();
