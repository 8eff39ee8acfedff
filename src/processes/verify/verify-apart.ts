import type { KnownOutside, Verdict } from '../../archive/verify/judge-parts.ts';
import { forkVerifier, type VerifierProgram } from './fork-verifier.ts';

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
  const verifier = forkVerifier(path, program);
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([verifier.verifyWhole(known), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    await verifier.end();
  }
}
