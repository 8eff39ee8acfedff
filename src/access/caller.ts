import type { Logger } from '../lib/logger.ts';
import type { Role } from './roles.ts';

/** The sender of a request. */
export interface Caller {
  /** The token's name. */
  name: string;
  role: Role;
  /** The token's public id; null if no token is needed. */
  tokenId: string | null;
}

/** The caller on a server without tokens. No token can have this name. */
export const LOCAL_CALLER: Caller = { name: 'local', role: 'operator', tokenId: null };

/**
 * A request that was refused because of its token, session or access key. It names the token only if the request
 * contained the right secret of a token that has expired or was revoked; a name without that proof is not recorded.
 */
export interface RefusedAttempt {
  name: string | null;
  tokenId: string | null;
}

/** What is known about a request that a page of another site caused. */
export interface Linked {
  /**
   * A sentence that says why a page of this server may look like one of another site; undefined if there is no such
   * reason.
   */
  hint: string | undefined;
}

/** The attempt of a caller whose secret does not exist or was not checked. */
export const UNKNOWN_CALLER: RefusedAttempt = { name: null, tokenId: null };

/** The values that the server keeps with a request, as a Hono environment: `new Hono<AccessEnv>()`. */
export interface AccessEnv {
  Variables: {
    requestId?: string;
    /** The logger whose lines contain the request's id. */
    log?: Logger;
    caller?: Caller;
    refusedAttempt?: RefusedAttempt;
    /** The SQL of the request, or its AWS operation, for the access log. The request's path says everything else. */
    asked?: { sql?: string; operation?: string; params: unknown; engine?: string };
    /**
     * The number of rows in the answer, for the access log. A handler that streams sets a function before it returns.
     * That function is called once the stream has ended or was cut off; it returns null if the number is unknown.
     */
    rows?: number | (() => number | null);
    /** Set if a page of another site sent the browser here: then the query in the address must not run. */
    linked?: Linked;
    /** The moment that `-7d`, `now` and `today` in the query refer to; absent if the query has none of them. */
    countsFromMs?: number;
    /** Whether the answer is written in parts, each of which the client must see before the next one exists. */
    isProgressive?: boolean;
  };
}
