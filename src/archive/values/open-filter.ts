import type { OpenFilter } from '../../questions/filters.ts';

/** What was asked for, each as its filter takes it: an instanceName is the beginning of one, a comment a part of one. */
export type OpenValues = { readonly [Filter in OpenFilter]?: string | undefined };

/** The accounts and regions that archive.yaml names. */
export interface Configured {
  accounts: readonly string[];
  regions: readonly string[];
}
