import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ClientRequest, IncomingMessage } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { certifyCoverage } from '../../../src/archive/coverage/certificate/certify-coverage.ts';
import { openArchive } from '../../../src/archive/file/open-archive.ts';
import { listSweeps } from '../../../src/archive/passes/list-runs.ts';
import { verifyArchive } from '../../../src/processes/verify/verify-archive.ts';
import { builtProgram } from '../../built-program.ts';
import { START, startTrial } from '../archive-trial.ts';

const finished = z.object({ request: z.instanceof(ClientRequest), response: z.instanceof(IncomingMessage) });

/**
 * Returns a list to which every reply of SSM to this process is added until the test ends. Node's diagnostics report
 * the replies.
 */
function hearReplies() {
  const heard: { operation: string; status: number; requestId: unknown }[] = [];
  const hear = (message: unknown) => {
    const { request, response } = finished.parse(message);
    const target = String(request.getHeader('x-amz-target') ?? '');
    if (!target.startsWith('AmazonSSM.')) return;
    const requestId = response.headers['x-amzn-requestid'];
    heard.push({ operation: target.slice('AmazonSSM.'.length), status: response.statusCode ?? 0, requestId });
  };
  subscribe('http.client.response.finish', hear);
  onTestFinished(() => {
    unsubscribe('http.client.response.finish', hear);
  });
  return heard;
}

test('every sweep has the request ids of the replies that the service sent, in their order, and no ids of refused attempts', async () => {
  const heard = hearReplies();
  const { db, config, pass } = await startTrial({ invocations: 1500, faults: { throttleRate: 0.1, errorRate: 0.05 } });
  // The trial's file has no ledger yet; an archive that the product opens has one.
  openArchive(config.db).close();
  await pass({ config: { slicesAtOnce: 1 } });
  const { items } = listSweeps(db.sqlite, { limit: 1000 });
  const sweeps = items.reverse();
  expect(heard.filter(({ status }) => status !== 200).length).toBeGreaterThan(3);
  for (const operation of ['ListCommandInvocations', 'ListCommands']) {
    const own = sweeps.filter((sweep) => sweep.operation === operation);
    const sent = heard.filter((reply) => reply.operation === operation && reply.status === 200);
    expect(own.flatMap(({ requestIds }) => requestIds)).toEqual(sent.map(({ requestId }) => requestId));
    expect(own.every(({ requestIds, pages }) => requestIds?.length === pages)).toBe(true);
  }
  expect(Math.max(...sweeps.map(({ requestIds }) => requestIds?.length ?? 0))).toBeGreaterThan(1);

  const nowMs = START.getTime();
  const certified = certifyCoverage(db.sqlite, { nowMs, settlingMs: config.settlingMs }).places[0]?.sweeps ?? [];
  expect(certified.length).toBeGreaterThan(20);
  const byId = new Map(sweeps.map(({ id, requestIds }) => [id, requestIds]));
  for (const { id, requestIds } of certified) expect(requestIds).toEqual(byId.get(id));

  const question = { path: config.db, trustedKeys: [], outside: [], processes: 1, program: builtProgram('verifier') };
  expect(await verifyArchive(question)).toMatchObject({ faults: [], verdict: 'consistent' });
});
