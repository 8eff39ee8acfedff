import type { Child } from 'hono/jsx';
import type { OpenFilter } from '../../../../archive/seen/open-filter.ts';
import type { ListedReport } from '../../../../reports/reports-deps.ts';
import type { ConsoleContext, ConsoleDeps } from '../../console-deps.ts';
import { NeverSeen } from './never-seen.tsx';
import { pathWith } from './path-without.ts';
import { readUnseen } from './read-unseen.ts';

/** What a parameter of a report that ships is as a filter. What one of somebody else's means nobody knows. */
const PARAMETERS: ReadonlyMap<string, OpenFilter> = new Map([
  ['account', 'account'],
  ['region', 'region'],
  ['document', 'documentName'],
  ['node', 'instanceId'],
]);

/** Above the rows of a report: the values that it is run with and that the archive has not. */
export async function neverSeenOfReport(
  c: ConsoleContext,
  deps: ConsoleDeps,
  { report: { parameters, origin }, given }: { report: ListedReport; given: Readonly<Record<string, string>> },
): Promise<Child> {
  if (origin !== 'built-in') return null;
  const asked = parameters.flatMap(({ name }) => {
    const [filter, value] = [PARAMETERS.get(name), given[name]];
    return filter === undefined || value === undefined || value === '' ? [] : [{ name, filter, value }];
  });
  if (asked.length === 0) return null;
  const unseen = await readUnseen(c, deps, Object.fromEntries(asked.map(({ filter, value }) => [filter, value])));
  const nameOf = (filter: OpenFilter) => asked.find((one) => one.filter === filter)?.name ?? filter;
  return <NeverSeen unseen={unseen} pathOf={(filter, value) => pathWith(c.req.url, nameOf(filter), value)} />;
}
