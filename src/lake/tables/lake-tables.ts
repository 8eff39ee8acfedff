import { EARLIER_OUTPUTS } from './earlier-outputs.ts';
import { columnsOfPart, hotColumns } from './hot-columns.ts';
import { KEY, type LakeTable } from './lake-table.ts';

/** The invocations of a day, in their last state. */
const INVOCATIONS: LakeTable = {
  name: 'invocations',
  from: 'main.invocations i',
  hot: (sqlite) => hotColumns(sqlite, 'invocations', 'i'),
  order: KEY,
};

/** Their steps, with the outputs in them. */
const PLUGINS: LakeTable = {
  name: 'plugins',
  from: `main.invocations i JOIN main.plugins p ON p.invocation_id = i.id
         LEFT JOIN main.outputs o ON o.id = p.output_id`,
  hot: (sqlite) => columnsOfPart(sqlite, 'plugins', 'p'),
  order: [...KEY, 'position'],
};

/** What was fetched in full of their steps. */
export const FULL_OUTPUTS: LakeTable = {
  name: 'full_outputs',
  from: `main.invocations i JOIN main.full_outputs f ON f.invocation_id = i.id
         LEFT JOIN main.outputs o ON o.id = f.output_id`,
  hot: (sqlite) => columnsOfPart(sqlite, 'full_outputs', 'f'),
  order: [...KEY, 'seq'],
};

/** What was still to be fetched of their steps, or was given up. */
const OUTPUT_QUEUE: LakeTable = {
  name: 'output_queue',
  from: 'main.invocations i JOIN main.output_queue q ON q.invocation_id = i.id',
  hot: (sqlite) => columnsOfPart(sqlite, 'output_queue', 'q'),
  order: [...KEY, 'position', 'provenance'],
};

/**
 * Their observed states, with all that the leaves of the ledger are made of: the state, and the salt and digest of its
 * batch. Only the leaf of a batch's first line needs the digest, but rows that come back need it to be a batch again.
 */
export const REVISIONS: LakeTable = {
  name: 'revisions',
  from: 'main.invocations i JOIN main.revisions r ON r.invocation_id = i.id',
  hot: (sqlite) => columnsOfPart(sqlite, 'revisions', 'r'),
  order: [...KEY, 'seq'],
  ofStates: [
    { name: 'state_json', type: 'VARCHAR' },
    { name: 'page_salt', type: 'VARCHAR' },
    { name: 'page_sha256', type: 'VARCHAR' },
  ],
};

/**
 * The tables of a day, in the order in which they are put into the lake: invocations last, so that a reader who finds
 * the invocations of a day finds everything else of it.
 */
export const LAKE_TABLES: readonly LakeTable[] = [
  ...[REVISIONS, PLUGINS, EARLIER_OUTPUTS, FULL_OUTPUTS, OUTPUT_QUEUE, INVOCATIONS],
];
