import { UserFault } from '../../lib/errors/user-fault.ts';

/**
 * Nothing may be signed now: the key is missing, or the new tree does not continue what the key has signed. Only
 * signing stops; collecting and answering continue.
 */
export class SigningRefused extends UserFault {
  override name = 'SigningRefused';

  constructor(sentence: string, { cause }: { cause?: unknown } = {}) {
    super(sentence, { exitCode: 2, cause });
  }
}

/**
 * Whether the files for signing exist, but this user may not read them. A user who only reads needs neither the private
 * key nor its record.
 */
export function isHidden(error: unknown): boolean {
  const cause = error instanceof SigningRefused ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM');
}
