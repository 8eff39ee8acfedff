import type { InstanceDetail } from '../../archive/get-instance.ts';
import { DayChart, type DayCount } from './day-chart.tsx';
import { InvocationTable } from './invocation-table.tsx';
import { pathOfView } from './read-view.ts';
import { count, Text, Time } from './values.tsx';

export interface NodeContent {
  node: InstanceDetail;
  days: readonly string[];
  counts: readonly DayCount[];
}

/** `/nodes/…`: what ran on one node. */
export function NodePage({ node, days, counts }: NodeContent) {
  const { accountId, region, instanceId, names, documents, items, next } = node;
  return (
    <>
      <h1>
        <Text of={instanceId} />
      </h1>
      <dl class="facts">
        <dt>Account, region</dt>
        <dd>
          {accountId} {region}
        </dd>
        <dt>Called</dt>
        <dd>
          <Text of={names.join(', ')} />
        </dd>
        <dt>Invocations</dt>
        <dd>{count(node.invocations)}</dd>
      </dl>
      <h2>The last {days.length} days</h2>
      <DayChart days={days} counts={counts} within={{ account: accountId, region, instance: instanceId }} />
      <h2>Documents</h2>
      <ul>
        {documents.map(({ documentName, invocations, lastRequestedAt }) => (
          <li>
            <a href={pathOfView({ instance: instanceId, document: documentName ?? '' })}>
              <Text of={documentName} />
            </a>{' '}
            {count(invocations)}, last <Time at={lastRequestedAt} />
          </li>
        ))}
      </ul>
      <h2>The newest</h2>
      <InvocationTable items={items} />
      {next !== undefined && (
        <p>
          <a href={pathOfView({ account: accountId, region, instance: instanceId })}>All of them</a>
        </p>
      )}
    </>
  );
}
