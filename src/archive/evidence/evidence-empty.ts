import { UserFault } from '../../lib/errors/user-fault.ts';

const WHAT = {
  invocations: 'the archive has nothing of what was asked for',
  result: 'the query has no rows',
} as const;

/** Thrown if a pack would have no content and that was not allowed. */
export class EvidenceEmpty extends UserFault {
  override name = 'EvidenceEmpty';
  readonly of: keyof typeof WHAT;

  /** `looked`: sentences that say what was looked at, and whether that is covered. */
  constructor(of: keyof typeof WHAT, looked: readonly string[] = []) {
    super([
      `No pack was made: ${WHAT[of]}. Check the names and times that were given. With --allow-empty a pack of nothing is made, which proves an absence only where coverage is complete.`,
      ...looked,
    ]);
    this.of = of;
  }

  /** The same for a client of the server. */
  get detail(): string {
    return this.lines.join(' ').replace('--allow-empty', 'allowEmpty=true');
  }
}
