import type { Database } from 'better-sqlite3';
import { judgeParts, type KnownOutside, type Verdict } from './judge-parts.ts';
import { planParts, sizeToVerify } from './plan-parts.ts';
import { verifyTask } from './verify-task.ts';

/**
 * Verifies a whole archive, one part after the other. The connection must have an open transaction, so that all parts
 * see one state. This takes long.
 */
export function verifyWhole(sqlite: Database, known: KnownOutside): Verdict {
  const size = sizeToVerify(sqlite);
  const parts = planParts(size).map((task) => verifyTask(sqlite, task, () => {}));
  return judgeParts(sqlite, { ...known, size, parts });
}
