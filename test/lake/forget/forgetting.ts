import type { PruneSelection } from '../../../src/archive/prune/prunable.ts';
import { forget } from '../../../src/lake/forget/forget.ts';
import type { ForgetDeps } from '../../../src/lake/forget/forget-deps.ts';
import { openSealed } from '../open-sealed.ts';
import type { SealedArchive } from '../sealed-archive.ts';

/** So late that the service shows none of the invocations any more. */
export const LATER = new Date('2026-09-01T00:00:00.000Z');

/** Returns what pruning sealed days needs. */
export function forgetDeps({ sqlite, lake, deps }: SealedArchive, more: Partial<ForgetDeps> = {}): ForgetDeps {
  return {
    ...deps,
    now: () => LATER,
    sealedDays: openSealed(sqlite, lake),
    dropCopies: async () => {},
    ...more,
  };
}

/** Prunes what is selected of the sealed days. */
export function forgetNow(
  archive: SealedArchive,
  selection: PruneSelection,
  { kind = 'invocations', ...more }: Partial<ForgetDeps> & { kind?: 'invocations' | 'outputs' } = {},
) {
  return forget(forgetDeps(archive, more), { kind, selection, by: 'me', reason: 'a rule' });
}
