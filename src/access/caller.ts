import type { Logger } from '../lib/logger.ts';
import type { Role } from './roles.ts';

/** Who sends a request. */
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
 * A request that was refused because of its token, session or access key. It names the holder only if the request
 * proved to hold a secret that has ended; a mere claim is not recorded.
 */
export interface RefusedAttempt {
  name: string | null;
  tokenId: string | null;
}

/** How a page of another site led to a request. */
export interface Linked {
  /** A sentence that says why this server's own page may look like another site's, if that is possible. */
  hint: string | undefined;
}

/** The attempt for a secret that does not exist, or that was not checked. */
export const UNKNOWN_CALLER: RefusedAttempt = { name: null, tokenId: null };

/** The values that the server keeps with a request, as a Hono environment: `new Hono<AccessEnv>()`. */
export interface AccessEnv {
  Variables: {
    requestId?: string;
    /** The logger whose lines contain the request's id. */
    log?: Logger;
    caller?: Caller;
    refusedAttempt?: RefusedAttempt;
    /** The SQL of the request, or its AWS operation, for the access log. The path says everything else. */
    asked?: { sql?: string; operation?: string; params: unknown };
    /**
     * The number of rows in the answer, for the access log. A handler that streams sets a function before it returns.
     * That is called once the stream has ended or was cut, and returns null if the number is unknown.
     */
    rows?: number | (() => number | null);
    /** Set if a page of another site led a browser here: then no query in the address may run. */
    linked?: Linked;
    /** The moment from which times in the query count, if any of them is written as -7d, now or today. */
    countsFromMs?: number;
    /** The answer is written in parts, and the client must see each part before the next exists. */
    isProgressive?: boolean;
  };
}
