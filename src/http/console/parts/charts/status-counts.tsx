import { kindOfStatus } from '../../../../model/final-status.ts';
import { titleOfStatus } from '../../../../model/status-titles.ts';
import type { FilterName } from '../../../../questions/filters.ts';
import { ViewLink } from '../questions/view-link.tsx';
import { count, Text } from '../values/values.tsx';

/** How many of a view there are of each Status, each a link to them. */
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

/** The worst of them: what a bar or a cell that stands for several is coloured by. */
export function worstStatus(byStatus: Record<string, number>): string | null {
  const statuses = Object.keys(byStatus);
  const worst = statuses.find((status) => kindOfStatus(status) === 'bad');
  return worst ?? statuses.find((status) => kindOfStatus(status) === 'busy') ?? statuses[0] ?? null;
}
