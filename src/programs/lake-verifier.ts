import { runLakeVerifier } from '../lake/verify/run-lake-verifier.ts';
import { endVisibly } from '../lib/process/end-visibly.ts';

// The composition root of a process that verifies days of the lake: lake/verify/verify-lake.ts starts some.
endVisibly();
await runLakeVerifier();
