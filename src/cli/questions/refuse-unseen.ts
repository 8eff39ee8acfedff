import type { AskedUnseen } from '../../archive/evidence/unseen/evidence-unseen.ts';
import { UserFault } from '../../lib/errors/user-fault.ts';
import { sayUnseen } from '../../questions/say-unseen.ts';
import type { Terminal } from '../terminal.ts';
import { longOf } from './filter-options.ts';

export const ALLOW_UNSEEN = ['--allow-unseen', 'also ask for values that the archive has never seen'] as const;

/**
 * Refuses a call (exit code 2) if it has a value that the archive has never seen, and says which values may have been
 * meant; as JSON with `--json`.
 */
export function refuseUnseen(
  terminal: Pick<Terminal, 'json'>,
  neverSeen: readonly AskedUnseen[],
  { isJson }: { isJson: boolean },
): UserFault {
  if (isJson) terminal.json({ neverSeen });
  return new UserFault(
    neverSeen.map((value) => `${sayUnseen(nameOf(value), value)} Use --allow-unseen to ask for it anyway.`),
    { exitCode: 2 },
  );
}

/** Returns the option as it is typed: `--document`, or `--param document` for a report. */
export function nameOf({ filter, parameter }: Pick<AskedUnseen, 'filter' | 'parameter'>): string {
  return parameter === undefined ? longOf(filter) : `--param ${parameter}`;
}
