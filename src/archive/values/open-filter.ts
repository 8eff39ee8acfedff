import type { OpenFilter } from '../../questions/filters.ts';

/**
 * The requested value of each open filter, in the filter's form: `instanceName` is the beginning of a name, `comment` a
 * part of a comment.
 */
export type OpenValues = { readonly [Filter in OpenFilter]?: string | undefined };

/** The accounts and regions that archive.yaml names. */
export interface Configured {
  accounts: readonly string[];
  regions: readonly string[];
}
