import { type Field, fieldNames, type View } from './read-view.ts';
import { sqlOfView } from './sql-of-view.ts';
import { statusesOf } from './statuses.ts';

/** The names that the API has for the fields. */
const API_NAMES: Record<Field, string> = {
  ...{ account: 'account', region: 'region', document: 'documentName', instance: 'instanceId', command: 'commandId' },
  ...{ name: 'instanceName', status: 'status', from: 'requestedAfter', to: 'requestedBefore', q: 'q' },
};

/** Exactly this view, as files, as SQL and as evidence. */
export function Downloads({ view, sort }: { view: View; sort: string }) {
  const query = new URLSearchParams({ sort });
  const evidence = new URLSearchParams();
  for (const name of fieldNames()) {
    const value = view.typed[name];
    if (value === undefined || view.faults[name] !== undefined) continue;
    // The API takes no blanks between them.
    const text = name === 'status' ? statusesOf(value).join(',') : value;
    query.set(API_NAMES[name], text);
    evidence.set(API_NAMES[name], text);
  }
  return (
    <p class="bar screen-only">
      <span class="quiet">All of these as</span>
      <a href={`/v1/invocations?${query}&include=plugins&format=csv`}>CSV</a>
      <a href={`/v1/invocations?${query}&include=plugins&format=ndjson`}>NDJSON</a>
      <a href={`/v1/invocations?${query}`}>JSON</a>
      <a href={`/sql?${new URLSearchParams({ sql: sqlOfView(view.filter) })}`}>SQL</a>
      <a href={`/evidence?${evidence}`}>Evidence pack</a>
    </p>
  );
}
