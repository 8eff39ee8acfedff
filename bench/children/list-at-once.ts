import { ListCommandInvocationsCommand, SSMClient, type SSMClientConfig } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { sleep } from '../../src/lib/time.ts';
import { createPacer } from '../../src/upstream/create-pacer.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';

// Ten listings of one account at the same time over one client, like the slices of a pass. A call that fails for good
// is counted and made again a second later, so that all retry modes list the same pages.
const LOOPS = 10;
const ATTEMPTS = 1000;
const { url, retries, deadlineMs } = readInput(
  z.object({ url: z.string(), retries: z.enum(['pacer', 'adaptive', 'standard']), deadlineMs: z.number() }),
);
const signal = AbortSignal.timeout(deadlineMs);
const client = new SSMClient({ endpoint: url, ...retrying() });

answerParent(async () => {
  const result = { seconds: 0, failedCalls: 0, pages: 0, isFinished: false };
  const start = performance.now();
  await Promise.all(Array.from({ length: LOOPS }, listAll));
  result.seconds = (performance.now() - start) / 1000;
  result.isFinished = !signal.aborted;
  return result;

  async function listAll(): Promise<void> {
    let token: string | undefined;
    do {
      try {
        const input = { Details: true, MaxResults: 50, ...(token !== undefined && { NextToken: token }) };
        const page = await client.send(new ListCommandInvocationsCommand(input), { abortSignal: signal });
        token = page.NextToken;
        result.pages += 1;
      } catch {
        if (signal.aborted) return;
        result.failedCalls += 1;
        await sleep(1000, signal);
      }
    } while (token !== undefined && !signal.aborted);
  }
});

function retrying(): SSMClientConfig {
  if (retries !== 'pacer') return { retryMode: retries, maxAttempts: ATTEMPTS };
  return { retryStrategy: createPacer({ monotonicMs: () => performance.now(), random: Math.random, signal }) };
}
