/** A source as a configuration names it; a member is absent where the configuration leaves it to the service's first answer. */
export interface ConfiguredSource {
  alias: string;
  accountId?: string | undefined;
  region?: string | undefined;
}

/** A source that a configuration named: it is owed from `sinceAt` until it was ended. Null is what is not known, or has not come. */
export interface OwedSource {
  id: number;
  alias: string;
  accountId: string | null;
  region: string | null;
  sinceAt: string;
  endedAt: string | null;
  endedBy: string | null;
  endReason: string | null;
  /** 1 where it turned out that its account and region are collected by another name. */
  isDouble: number;
}

/** How people are told which source it is. */
export function nameOfSource({ alias, accountId, region }: Pick<OwedSource, 'alias' | 'accountId' | 'region'>): string {
  return [alias, accountId, region].filter((part) => part !== null).join(' ');
}
