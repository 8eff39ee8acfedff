import type { Database } from 'better-sqlite3';
import { listOwed } from './list-owed.ts';
import type { ConfiguredSource, OwedSource } from './owed-source.ts';
import { addOwed, changeOwed } from './write-owed.ts';

/**
 * Makes each of these sources owed from now on. If a source is owed already, stores what was learnt about it. Never
 * ends anything that is owed, not even a source that was removed from the configuration or a source's previous account.
 * `hasAnswered`: the accounts and regions come from the service, not from the configuration. A source that was a
 * duplicate at its last answer becomes owed again only after its next answer.
 */
export function noteOwed(
  sqlite: Database,
  sources: readonly ConfiguredSource[],
  { at, hasAnswered = false }: { at: string; hasAnswered?: boolean },
): void {
  // In most passes everything is already noted as owed. Then nothing is written here, and the pass does not wait for
  // other writers.
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

/** Whether two values may be the same: a value that is not known yet may be any value. */
function fits(known: string | null, named: string | undefined): boolean {
  return known === null || named === undefined || known === named;
}

/** Whether a row has every value that is given. A value that is not given matches any row. */
function isSaid(known: string | null, named: string | undefined): boolean {
  return named === undefined || known === named;
}
