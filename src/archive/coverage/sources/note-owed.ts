import type { Database } from 'better-sqlite3';
import { listOwed } from './list-owed.ts';
import type { ConfiguredSource, OwedSource } from './owed-source.ts';
import { addOwed, changeOwed } from './write-owed.ts';

/**
 * Makes each of these sources owed that isn't yet, from now on, and keeps what was learnt of those that are. Nothing that is owed ends
 * by this: not what the configuration has no more, and not the account that a source had before it got another.
 * `hasAnswered`: what the sources are is the service's word, and no longer the configuration's. A source that was a double when it
 * last answered is not owed again before that.
 */
export function noteOwed(
  sqlite: Database,
  sources: readonly ConfiguredSource[],
  { at, hasAnswered = false }: { at: string; hasAnswered?: boolean },
): void {
  // Most passes find that all of it is owed: those write nothing, and wait for nobody who does.
  if (sources.every((source) => planFor(source, listOwed(sqlite), hasAnswered) === undefined)) return;
  sqlite
    .transaction(() => {
      for (const source of sources) {
        const plan = planFor(source, listOwed(sqlite), hasAnswered);
        if (plan === 'add') {
          const { alias, accountId, region } = source;
          addOwed(sqlite, { alias, accountId, region, sinceAt: at });
        } else if (plan) changeOwed(sqlite, plan.id, plan.learnt);
      }
    })
    .immediate();
}

type Plan = 'add' | { id: number; learnt: { account_id?: string; region?: string } };

function planFor(
  { alias, accountId, region }: ConfiguredSource,
  all: readonly OwedSource[],
  hasAnswered: boolean,
): Plan | undefined {
  const own = all.filter((owed) => owed.alias === alias && fits(owed.region, region));
  const owed = own.filter(({ endedAt }) => endedAt === null);
  const isExact = (row: OwedSource) => isSaid(row.region, region) && isSaid(row.accountId, accountId);
  if (owed.some(isExact)) return undefined;
  const known = owed.find((row) => fits(row.accountId, accountId));
  if (known) {
    const learnt = {
      ...(known.accountId === null && accountId !== undefined && { account_id: accountId }),
      ...(known.region === null && region !== undefined && { region }),
    };
    return { id: known.id, learnt };
  }
  const newest = own.reduce<OwedSource | undefined>((last, row) => (last && last.id > row.id ? last : row), undefined);
  return !hasAnswered && newest?.isDouble === 1 && isSaid(newest.accountId, accountId) ? undefined : 'add';
}

/** What is not known yet may be anything. */
function fits(known: string | null, named: string | undefined): boolean {
  return known === null || named === undefined || known === named;
}

/** Whether a row says as much as is named: what is not named, any row says. */
function isSaid(known: string | null, named: string | undefined): boolean {
  return named === undefined || known === named;
}
