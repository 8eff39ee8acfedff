/** What an answer of SQL over the lake says of itself. */
export interface LakeFacts {
  engine: 'lake';
  /** The first and the last day (UTC) on which something was requested that the answer could have; null if there is none. */
  from: string | null;
  to: string | null;
  /** When the rows that are not sealed were read from the archive, as an ISO time. */
  asOf: string;
}

/** Returns the facts that an answer has among its members, or a download among its headers. */
export function lakeFactsOf(said: {
  from?: string | null | undefined;
  to?: string | null | undefined;
  asOf?: string | undefined;
}): LakeFacts {
  return { engine: 'lake', from: said.from ?? null, to: said.to ?? null, asOf: said.asOf ?? '' };
}
