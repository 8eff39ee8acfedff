import { EvidenceEmpty } from '../archive/evidence/evidence-empty.ts';
import { EvidenceUnseen } from '../archive/evidence/unseen/evidence-unseen.ts';
import { SealedUnreadable } from '../archive/sealed/sealed-unreadable.ts';
import { TooManySealedDays } from '../archive/sealed/too-many-sealed-days.ts';
import { SigningRefused } from '../ledger/notes/signing-refused.ts';
import { namedError } from '../lib/child/named-error.ts';
import { userFaults } from '../lib/child/user-faults.ts';
import { SqlFault } from '../questions/sql/sql-fault.ts';

/** The only list of named errors: child processes report them, and callers distinguish them by their class. */
export const namedErrors = [
  namedError(
    'SqlFault',
    SqlFault,
    ({ message, data }) => ({ message, data }),
    ({ message, data }) => new SqlFault(message, data),
  ),
  namedError(
    'EvidenceEmpty',
    EvidenceEmpty,
    ({ of, lines }) => ({ of, looked: lines.slice(1) }),
    ({ of, looked }) => new EvidenceEmpty(of, looked),
  ),
  namedError(
    'EvidenceUnseen',
    EvidenceUnseen,
    ({ neverSeen }) => neverSeen,
    (neverSeen) => new EvidenceUnseen(neverSeen),
  ),
  namedError(
    'SigningRefused',
    SigningRefused,
    ({ message }) => message,
    (message) => new SigningRefused(message),
  ),
  namedError(
    'SealedUnreadable',
    SealedUnreadable,
    ({ message }) => message,
    (message) => new SealedUnreadable(message),
  ),
  namedError(
    'TooManySealedDays',
    TooManySealedDays,
    ({ days }) => days,
    (days) => new TooManySealedDays(days),
  ),
  ...userFaults,
];
