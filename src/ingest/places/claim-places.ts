import type { SourceKey } from '../../model/observed-invocation.ts';

/**
 * A source in one region, as it is configured: its account and region are undefined if the configuration does not name
 * them.
 */
export interface ConfiguredPlace {
  alias: string;
  accountId: string | undefined;
  region: string | undefined;
}

export interface PlaceClaims {
  /**
   * Takes note of which account and region a source turned out to have; undefined if it could not be asked. Only the
   * first call for a source counts.
   */
  settle(n: number, place: SourceKey | undefined): void;
  /**
   * Returns the alias of the first source before `n`, in the order of the configuration, that has the same account and
   * region. Waits for each earlier source that may have the same ones and has not answered yet. Does not wait for a
   * source whose configured account or region differs, however slowly that source answers.
   */
  earlierAlias(n: number, place: SourceKey): Promise<string | undefined>;
}

/**
 * Decides which source collects which account and region. If two sources have the same account and region, the first in
 * the configuration collects it, in each pass, whichever answers first. `ask` returns the place of a source that this
 * pass does not collect.
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
