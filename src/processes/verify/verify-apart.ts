import type { KnownOutside, Verdict } from '../../archive/verify/judge-parts.ts';
import { watchBounds } from '../../lib/child/watch-bounds.ts';
import { startVerifier, type VerifierProgram } from './start-verifier.ts';

export interface ApartQuestion extends KnownOutside {
  path: string;
  signal: AbortSignal;
  program?: VerifierProgram | undefined;
}

/**
 * Verifies a whole archive, up to the verdict, in one process of low priority, so that the caller stays free for other
 * work. The process has ended when this settles. Throws if the process dies; if `signal` aborts, throws its reason.
 */
export async function verifyApart({ path, signal, program, ...known }: ApartQuestion): Promise<Verdict> {
  signal.throwIfAborted();
  const verifier = startVerifier(path, program);
  const release = watchBounds({ signal }, () => verifier.end(signal.reason));
  try {
    return await verifier.ask('whole', known);
  } finally {
    release();
    await verifier.end();
  }
}
