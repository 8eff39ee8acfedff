import type { Logger } from '../lib/logger.ts';
import type { Role } from './roles.ts';

/** Who asks. */
export interface Caller {
  /** The token's name. */
  name: string;
  role: Role;
  /** The token's public id; null where no token is needed. */
  tokenId: string | null;
}

/** The caller on a server that needs no token. No token can have this name. */
export const LOCAL_CALLER: Caller = { name: 'local', role: 'operator', tokenId: null };

/**
 * A question that was refused for its token, session or access key: whose that was, where it was shown to be held and has ended.
 * What a request only claims is not in it.
 */
export interface RefusedAttempt {
  name: string | null;
  tokenId: string | null;
}

/** How a request came by a page of another site. */
export interface Linked {
  /** A sentence on why this server's own page may be taken for another's, where that can be. */
  hint: string | undefined;
}

/** Of a secret that is none, and of one that was not looked at. */
export const UNKNOWN_CALLER: RefusedAttempt = { name: null, tokenId: null };

/** What the server keeps with a request, as a Hono environment: `new Hono<AccessEnv>()`. */
export interface AccessEnv {
  Variables: {
    requestId?: string;
    /** Writes lines that carry the request's id. */
    log?: Logger;
    caller?: Caller;
    refusedAttempt?: RefusedAttempt;
    /** SQL that was asked, or an operation of AWS's, for the access log; the path has everything else. */
    asked?: { sql?: string; operation?: string; params: unknown };
    /**
     * How many rows the answer has, for the access log. A handler that streams sets a function before it returns, which
     * is called once the stream has ended or was cut; null where that is not known.
     */
    rows?: number | (() => number | null);
    /** A page of another site led a browser here: no question that stands in the address is to be run. */
    linked?: Linked;
    /** The moment that times of the question count from, where any is written as -7d, now or today. */
    countsFromMs?: number;
    /** The answer is written part by part, and each part is to be seen before the next is there. */
    isProgressive?: boolean;
  };
}
