import type { FilterName } from '../../questions/filters.ts';

/** The filters whose values nobody can list beforehand. For all others, a value that can't match is an error. */
export const OPEN_FILTERS = [
  ...(['account', 'region', 'commandId', 'instanceId', 'instanceName', 'documentName'] as const),
  ...(['pluginName', 'comment', 'sender'] as const),
] satisfies readonly FilterName[];

export type OpenFilter = (typeof OPEN_FILTERS)[number];

/** What was asked for, each as its filter takes it: an instanceName is the beginning of one, a comment a part of one. */
export type OpenValues = { readonly [Filter in OpenFilter]?: string | undefined };

/** The accounts and regions that archive.yaml names. */
export interface Configured {
  accounts: readonly string[];
  regions: readonly string[];
}
