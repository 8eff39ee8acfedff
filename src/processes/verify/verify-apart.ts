import type { KnownOutside, Verdict } from '../../archive/verify/judge-parts.ts';
import { watchBounds } from '../../lib/child/watch-bounds.ts';
import { startVerifier, type VerifierProgram } from './start-verifier.ts';

export interface ApartQuestion extends KnownOutside {
  path: string;
  signal: AbortSignal;
  program?: VerifierProgram | undefined;
}

/**
 * Verifies an archive whole in one process of low priority, its judgement included, so that whoever asks stays free to answer others.
 * The process is gone when this ends. Throws where the process dies, and what `signal` aborts with.
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
