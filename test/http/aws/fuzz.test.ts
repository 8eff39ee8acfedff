import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createAccessKey } from '../../../src/access/tokens/create-access-key.ts';
import { findCommands } from '../../../src/archive/commands/find-commands.ts';
import { findInvocations } from '../../../src/archive/invocations/find-invocations.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { createApp } from '../../../src/http/app.ts';
import { createArchiveHistory } from '../../../src/http/aws-archive/create-archive-history.ts';
import { accessTrial } from '../../access/access-trial.ts';
import { page, rawInvocation, SOURCE } from '../../archive/raw-invocation.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { memoryLog } from '../../memory-log.ts';
import { NO_READERS, NO_REPORTS, NO_SQL, neverIssued } from '../no-readers.ts';
import { createDraw, drawBody, mutateText } from './mutate.ts';
import { signedRequest } from './signed-request.ts';

/** By default a fifth of a full run; FUZZ_REQUESTS=100000 makes the full run. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 10_000);
const AT_ONCE = 200;
const SEED = 20_261_125;
const OTHER = { accountId: '444455556666', region: 'eu-west-1' };
const SECRET = 'only the other account has this';
const TARGETS = ['ListCommandInvocations', 'ListCommands', 'GetCommandInvocation', 'SendCommand', ''];
const MODELLED = [
  ...['ValidationException', 'SerializationException', 'UnknownOperationException', 'InvalidNextToken'],
  ...['InvalidFilterKey', 'InvalidCommandId', 'InvocationDoesNotExist', 'InvalidPluginName', 'AccessDeniedException'],
  ...['UnrecognizedClientException', 'InvalidSignatureException', 'IncompleteSignatureException'],
  ...['MissingAuthenticationTokenException', 'ThrottlingException'],
];
const Reply = z.looseObject({ __type: z.string().optional(), NextToken: z.string().optional() });

/** A server with two accounts, and a key for only one of these accounts. */
function setUp() {
  const trial = accessTrial();
  const { authDb, accessDb, now, random } = trial;
  const db = tempArchive();
  const record = createSingleReplyRecorder(db.sqlite);
  const nodes = Array.from({ length: 120 }, (_, n) => `i-${String(n).padStart(17, '0')}`);
  record(page(nodes.map((InstanceId) => rawInvocation({ InstanceId }))));
  record(page([rawInvocation({ Comment: SECRET, DocumentName: SECRET })], { source: OTHER }));
  const verbs: Record<string, (input: never) => unknown> = {
    findInvocations: (input) => findInvocations(db.sqlite, input),
    findCommands: (input) => findCommands(db.sqlite, input),
  };
  const readers = {
    ...NO_READERS,
    read: async (name: string, input: unknown) => verbs[name]?.(input as never) as never,
  };
  const deadlines = {
    settlingMs: 0,
    configured: { accounts: [], regions: [] },
    readDeadlineMs: 0,
    exportDeadlineMs: 0,
  };
  const { log, logged } = memoryLog();
  const app = createApp({
    ...{ log, now, random, newId: randomUUID, authDb, accessDb, corsOrigins: [], publicHosts: [] },
    api: {
      archive: db.sqlite,
      readers: NO_READERS,
      sql: NO_SQL,
      reports: NO_REPORTS,
      issueCertificate: neverIssued,
      makeEvidence: neverIssued,
      now,
      ...deadlines,
    },
    aws: {
      history: createArchiveHistory({ archive: db, readers, now, ...deadlines }),
      accounts: () => [SOURCE.accountId, OTHER.accountId],
    },
    passes: {
      start() {
        throw new Error('This test starts no passes.');
      },
      get: () => undefined,
      follow: () => () => {},
    },
    ...{ host: '127.0.0.1', isProxyTrusted: false, isInsecureAllowed: false },
    unreadiness: () => undefined,
    signal: new AbortController().signal,
  });
  const key = createAccessKey(trial.deps, {
    ...{ name: 'fuzz', role: 'reader', expiresAt: undefined, accounts: [SOURCE.accountId], regions: undefined },
  });
  return { app, key, now, logged };
}

it(`${REQUESTS.toLocaleString('en')} mutated requests get an answer or an error of AWS's model, and never another account's rows`, async () => {
  const { app, key, now, logged } = setUp();
  const draw = createDraw(SEED);
  const tokens: string[] = [];
  const outcomes = new Map<string, number>();
  const { accessKeyId, secretAccessKey } = key;

  // A key that has signed correctly once still gets answers after any number of wrong signatures.
  await judge(await sign(1, 'AmazonSSM.ListCommands', '{}'));
  // Many requests run at the same time, so the access log writes many records in one transaction.
  for (let n = 0; n < REQUESTS; n += AT_ONCE) {
    const requests = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => drawRequest(n + i)));
    await Promise.all(requests.map((request) => request && judge(request)));
  }

  expect([...outcomes.keys()].filter((name) => name !== '200' && !MODELLED.includes(name))).toEqual([]);
  // Some requests passed every check, and the others were stopped by many different checks.
  expect(outcomes.get('200')).toBeGreaterThan(REQUESTS / 20);
  expect(outcomes.size).toBeGreaterThan(7);
  expect(tokens.length).toBeGreaterThan(0);
  expect(logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);

  async function judge(request: Request): Promise<void> {
    const reply = await app.request(request);
    const text = await reply.text();
    expect(reply.status, text).toBeLessThan(500);
    expect(text).not.toContain(SECRET);
    const parsed = Reply.parse(JSON.parse(text));
    const outcome = parsed.__type ?? String(reply.status);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (parsed.NextToken !== undefined && tokens.length < 50) tokens.push(parsed.NextToken);
  }

  async function drawRequest(n: number): Promise<Request | undefined> {
    const body = drawBody(draw, tokens);
    const isOdd = draw(20) === 0;
    const odd = () => mutateText(draw, 'ListCommands').replaceAll(/[^\x21-\x7e]/g, '');
    const target = `AmazonSSM.${isOdd ? odd() : TARGETS[draw(draw(5) + 1)]}`;
    const isMutated = draw(3) === 0;
    const signed = await sign(n, target, body);
    return isMutated ? mutated(signed, body) : signed;
  }

  function sign(n: number, target: string, body: string): Promise<Request> {
    const expiresIn = n % 10 === 0 ? 60 : undefined;
    return signedRequest({
      ...{ accessKeyId, secretAccessKey, date: now(), target, body },
      ...(expiresIn !== undefined && { expiresIn }),
    });
  }

  /** Changes a header, the query or the body of a signed request; undefined if no client could send the result. */
  function mutated(request: Request, body: string): Request | undefined {
    const headers = new Headers(request.headers);
    const names = [...headers.keys()];
    const name = names[draw(names.length)] ?? '';
    const way = draw(4);
    const url = way === 0 ? `http://localhost/?${mutateText(draw, new URL(request.url).search.slice(1))}` : request.url;
    try {
      if (way === 1) headers.set(name, mutateText(draw, headers.get(name) ?? ''));
      if (way === 2) headers.delete(name);
      return new Request(url, { method: 'POST', headers, body: way === 3 ? mutateText(draw, body) : body });
    } catch {
      return undefined;
    }
  }
}, 240_000);
