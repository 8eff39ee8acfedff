import type { OpenFilter } from '../../questions/filters.ts';

/**
 * The value that was asked for, in the form of its filter: an instanceName is the beginning of a name, a comment a part
 * of one.
 */
export type OpenValues = { readonly [Filter in OpenFilter]?: string | undefined };

/** The accounts and regions that archive.yaml names. */
export interface Configured {
  accounts: readonly string[];
  regions: readonly string[];
}
