/**
 * The tables of the archive that hold what belongs to invocations. Rows of sealed days come back into these, and the
 * functions that read them name them without a schema, so that temporary tables can stand in their place.
 */
export const RESTORABLE_TABLES = [
  'invocations',
  'outputs',
  'plugins',
  'revision_pages',
  'sealed_pages',
  'pruned_pages',
  'revisions',
  'full_outputs',
  'output_queue',
] as const;

export type RestorableTable = (typeof RESTORABLE_TABLES)[number];

/** The tables into which rows are put: temporary ones in the place of the archive's, or the archive's own. */
export type RestoreTarget = 'temp' | 'main';
