/**
 * A source as a configuration names it. A member is absent if the configuration does not state it; the archive then
 * learns it from the service's first answer.
 */
export interface ConfiguredSource {
  alias: string;
  accountId?: string | undefined;
  region?: string | undefined;
}

/**
 * A source that a configuration named: it is owed from `sinceAt` to `endedAt`. In any member, null means that the value
 * is not known, or that the event has not happened yet.
 */
export interface OwedSource {
  id: number;
  alias: string;
  accountId: string | null;
  region: string | null;
  sinceAt: string;
  endedAt: string | null;
  endedBy: string | null;
  endReason: string | null;
  /** 1 if the source's account and region turned out to be collected under another name. */
  isDouble: number;
}

/** The name of a source for messages. */
export function nameOfSource({ alias, accountId, region }: Pick<OwedSource, 'alias' | 'accountId' | 'region'>): string {
  return [alias, accountId, region].filter((part) => part !== null).join(' ');
}
