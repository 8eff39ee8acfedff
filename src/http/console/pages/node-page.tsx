import type { InstanceDetail } from '../../../archive/get-instance.ts';
import type { Buckets } from '../parts/buckets.ts';
import { InvocationTable } from '../parts/invocation-table.tsx';
import { pathOfView } from '../parts/read-view.ts';
import { type BucketCount, RunsChart } from '../parts/runs-chart.tsx';
import { count, Text, Time } from '../parts/values.tsx';

export interface NodeContent {
  node: InstanceDetail;
  buckets: Buckets;
  counts: readonly BucketCount[];
}

/** `/nodes/…`: what ran on one node. */
export function NodePage({ node, buckets, counts }: NodeContent) {
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
      <h2>The last {buckets.all.length} days</h2>
      <RunsChart buckets={buckets} counts={counts} within={{ account: accountId, region, instance: instanceId }} />
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
