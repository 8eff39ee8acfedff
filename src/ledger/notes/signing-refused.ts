import { UserFault } from '../../lib/errors/user-fault.ts';

/**
 * Nothing may be signed now: the key is not there, or what is to be signed does not continue what it has signed. It stops signing alone:
 * what is collected is kept, and what is read is answered.
 */
export class SigningRefused extends UserFault {
  override name = 'SigningRefused';

  constructor(sentence: string, { cause }: { cause?: unknown } = {}) {
    super(sentence, { exitCode: 2, cause });
  }
}

/** Whether what is needed to sign is there, and this user may not read it: who only reads needs neither the private key nor its record. */
export function isHidden(error: unknown): boolean {
  const cause = error instanceof SigningRefused ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM');
}
