import { describe, expect, test } from 'vitest';
import { faultsOfReplies, isWithoutBoto, NEEDS_BOTO } from '../clients/boto.ts';
import { type Reply, readPage } from '../read-pages.ts';
import { createAskAws } from './ask-aws.ts';
import { filterRequests, type Subject, UNKNOWN_COMMAND, UNKNOWN_NODE } from './conformance-requests.ts';
import { refusedRequests } from './refused-requests.ts';

// Runs only with REMOTE=1, with the user's own credentials. It reads from AWS itself, one page per request, and writes
// nothing. Nobody knows what an account contains, so only the forms of answers and of refusals are compared.

const ask = createAskAws();
const replies: Reply[] = [];

/** The newest invocation, or an invented one if there is none. */
async function remoteSubject(): Promise<Subject> {
  const { items } = readPage(await ask({ operation: 'ListCommandInvocations', body: { MaxResults: 1 } }));
  const [{ CommandId, InstanceId, DocumentName } = {}] = items;
  const day = 86_400_000;
  return {
    commandId: String(CommandId ?? UNKNOWN_COMMAND),
    instanceId: String(InstanceId ?? UNKNOWN_NODE),
    documentName: String(DocumentName ?? 'AWS-RunShellScript'),
    otherDocumentName: 'AWS-UpdateSSMAgent',
    earlierMs: Date.now() - 20 * day,
    laterMs: Date.now() - 2 * day,
  };
}

describe.skipIf(process.env.REMOTE !== '1')('AWS itself (REMOTE=1, with real credentials)', () => {
  test('returns pages for the listings of the suite', { timeout: 300_000 }, async () => {
    for (const { name, operation, body } of filterRequests(await remoteSubject())) {
      const reply = await ask({ operation, body });
      replies.push(reply);
      expect({ name, status: reply.status }).toEqual({ name, status: 200 });
      expect(() => readPage(reply), name).not.toThrow();
    }
  });

  test('refuses each request that the suite expects it to refuse, with a code and nothing else except a message', {
    timeout: 300_000,
  }, async () => {
    for (const request of refusedRequests(await remoteSubject())) {
      const reply = await ask(request);
      replies.push(reply);
      const name = `${request.operation}: ${request.name}`;
      expect({ name, status: reply.status }).toEqual({ name, status: 400 });
      const { __type: code, ...others } = JSON.parse(reply.text);
      expect(code, name).toMatch(/^[A-Z]\w+$/);
      expect(
        Object.keys(others).map((member) => member.toLowerCase()),
        name,
      ).toEqual(others.message || others.Message ? ['message'] : []);
    }
  });

  test.skipIf(isWithoutBoto)(
    `gives replies that fit botocore’s model, except for members that are newer than the model ${NEEDS_BOTO}`,
    async () => {
      expect(replies.length).toBeGreaterThan(100);
      const faults = await faultsOfReplies(replies);
      const isNewer = (fault: string) => / is not of the (model|enumeration)/.test(fault);
      expect(faults.filter((fault) => !isNewer(fault))).toEqual([]);
    },
  );
});
