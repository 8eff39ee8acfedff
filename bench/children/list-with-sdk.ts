import { createHash } from 'node:crypto';
import { paginateListCommandInvocations, SSMClient } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { answerParent, readInput } from '../support/answer-parent.ts';

// One listing by the SDK's own paginator: measures each page, and digests all pages.
const Credentials = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });
const { region, credentials } = readInput(z.object({ region: z.string(), credentials: Credentials }));
const Asked = z.object({ url: z.string(), pages: z.number(), isDigested: z.boolean() });

answerParent(async (asked) => {
  const { url, pages, isDigested } = Asked.parse(asked);
  const client = new SSMClient({ endpoint: url, region, credentials });
  const hash = createHash('sha256');
  const ms: number[] = [];
  let invocations = 0;
  const startedAt = performance.now();
  let pageAt = startedAt;
  for await (const { CommandInvocations = [] } of paginateListCommandInvocations({ client }, { Details: true })) {
    const now = performance.now();
    ms.push(now - pageAt);
    invocations += CommandInvocations.length;
    if (isDigested) for (const item of CommandInvocations) hash.update(JSON.stringify(sorted(item)));
    if (ms.length === pages) break;
    pageAt = performance.now();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  client.destroy();
  return { seconds, invocations, ms, digest: hash.digest('hex') };
});

/** Sorts the members, because two servers may write them in different orders. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
