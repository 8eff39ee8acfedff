import { kindOfStatus } from '../../../../model/final-status.ts';
import { titleOfStatus } from '../../../../model/status-titles.ts';
import type { FilterName } from '../../../../questions/filters.ts';
import { ViewLink } from '../questions/view-link.tsx';
import { count, Text } from '../values/values.tsx';

/** How many invocations of a view have each Status. Each count is a link to these invocations. */
export function StatusCounts(props: {
  byStatus: Record<string, number>;
  of: Partial<Record<FilterName, string | null>>;
}) {
  const { byStatus, of } = props;
  return (
    <>
      {Object.entries(byStatus)
        .sort(([, a], [, b]) => b - a)
        .map(([status, n]) => (
          <ViewLink
            of={{ ...of, status }}
            class={`status status-${kindOfStatus(status)}`}
            title={titleOfStatus(status)}
          >
            <Text of={status} /> {count(n)}
          </ViewLink>
        ))}
    </>
  );
}

/** Returns the worst of several statuses. It decides the colour of a bar or cell that shows several runs. */
export function worstStatus(byStatus: Record<string, number>): string | null {
  const statuses = Object.keys(byStatus);
  const worst = statuses.find((status) => kindOfStatus(status) === 'bad');
  return worst ?? statuses.find((status) => kindOfStatus(status) === 'busy') ?? statuses[0] ?? null;
}
