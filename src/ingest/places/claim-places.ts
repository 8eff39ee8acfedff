import type { SourceKey } from '../../model/observed-invocation.ts';

/** A source in one region as it is configured: its account where the configuration says it, its region likewise. */
export interface ConfiguredPlace {
  alias: string;
  accountId: string | undefined;
  region: string | undefined;
}

export interface PlaceClaims {
  /** Says which account and region a source has turned out to be; undefined where it could not be asked. Only the first word counts. */
  settle(n: number, place: SourceKey | undefined): void;
  /**
   * The alias of the first source before `n`, in the configuration's order, that is the same account and region. Waits for those before it
   * that may be, and are still being asked; those that can't be are not waited for, however slowly they answer.
   */
  earlierAlias(n: number, place: SourceKey): Promise<string | undefined>;
}

/**
 * Which source has which account and region, in the order of the configuration and not of answers: of two that are the same the first has it,
 * in each pass. `ask` is for a source that this pass does not collect: it says what that one is.
 */
export function createPlaceClaims(
  configured: readonly ConfiguredPlace[],
  { isCollected, ask }: { isCollected(n: number): boolean; ask(n: number): Promise<SourceKey | undefined> },
): PlaceClaims {
  const settled = configured.map(() => deferred<SourceKey | undefined>());
  const asked = new Set<number>();

  async function placeOf(n: number): Promise<SourceKey | undefined> {
    if (!isCollected(n) && !asked.has(n)) {
      asked.add(n);
      settled[n]?.resolve(ask(n));
    }
    return settled[n]?.promise;
  }

  return {
    settle(n, place) {
      settled[n]?.resolve(place);
    },
    async earlierAlias(n, place) {
      for (const [earlier, known] of configured.slice(0, n).entries()) {
        if (known.accountId !== undefined && known.accountId !== place.accountId) continue;
        if (known.region !== undefined && known.region !== place.region) continue;
        const other = await placeOf(earlier);
        if (other && other.accountId === place.accountId && other.region === place.region) return known.alias;
      }
      return undefined;
    },
  };
}

function deferred<Value>(): { promise: Promise<Value>; resolve(value: Value | Promise<Value>): void } {
  let resolve: (value: Value | Promise<Value>) => void = () => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
