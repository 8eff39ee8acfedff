import type { View } from '../parts/questions/read-view.ts';
import { CsvLinks } from '../parts/sql/csv-links.tsx';
import { sqlOfView } from './sql-of-view.ts';

/** Links to exactly this view as files, as SQL and as evidence. Only for a view without faults. */
export function Downloads({ view, sort }: { view: View; sort: string }) {
  const evidence = new URLSearchParams(view.typed);
  const query = new URLSearchParams([['sort', sort], ...evidence]);
  return (
    <p class="bar screen-only">
      <span class="quiet">All of these as</span>
      <CsvLinks path={`/v1/invocations?${query}&include=plugins&format=csv`} />
      <a href={`/v1/invocations?${query}&include=plugins&format=ndjson`}>NDJSON</a>
      <a href={`/v1/invocations?${query}`}>JSON</a>
      <a href={`/sql?${new URLSearchParams({ sql: sqlOfView(view.filter) })}`}>SQL</a>
      <a href={`/evidence?${evidence}`}>Evidence pack</a>
    </p>
  );
}
