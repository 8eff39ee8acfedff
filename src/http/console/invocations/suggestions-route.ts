import { z } from 'zod';
import { faultsOf } from '../../../lib/words/own-words.ts';
import { ifInTime } from '../../../processes/pool/if-in-time.ts';
import { SUGGESTED_FILTERS } from '../../../questions/filter-groups.ts';
import type { ConsoleApp } from '../console-app.ts';
import { type ConsoleDeps, readOptions } from '../console-deps.ts';
import { faultsOfNames } from '../parts/questions/asked-faults.ts';

const LIMIT = 20;
/** If suggestions take longer than this, they are of no use to the person who types. */
const DEADLINE_MS = 1000;

const Query = z.object({ field: z.enum(SUGGESTED_FILTERS), begin: z.string().max(200).default('') });

/** `/suggestions?field=instance&begin=i-0a`: values from the archive for the field in which somebody types. */
export function addSuggestionsRoute(app: ConsoleApp, { readers }: ConsoleDeps): void {
  app.get('/suggestions', async (c) => {
    const asked = Query.safeParse(c.req.query());
    const faults = [
      ...faultsOfNames(c.req.queries(), { names: Object.keys(Query.shape) }),
      ...(asked.success
        ? []
        : faultsOf(asked.error).map(({ path, message }) => ({ parameter: path.join('.'), message }))),
    ];
    if (!asked.success || faults.length > 0) return c.json({ values: [], faults }, 400);
    const read = readers.read('suggestValues', { ...asked.data, limit: LIMIT }, readOptions(c, DEADLINE_MS));
    return c.json({ values: (await ifInTime(read)) ?? [] }, 200, { 'cache-control': 'no-store' });
  });
}
