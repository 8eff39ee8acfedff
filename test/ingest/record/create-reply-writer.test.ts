import { describe, expect, it } from 'vitest';
import { createRepliesRecorder, type ReplyToRecord } from '../../../src/archive/record/record-replies.ts';
import { createReplyWriter } from '../../../src/ingest/record/create-reply-writer.ts';
import { page, rawInvocation } from '../../archive/raw-invocation.ts';
import { rowsOf, tempArchive } from '../../db/temp-archive.ts';

function pageOf(...instanceIds: string[]): ReplyToRecord {
  return page(instanceIds.map((InstanceId) => rawInvocation({ InstanceId })));
}

function setUp() {
  const db = tempArchive();
  const transactions: number[] = [];
  const record = createRepliesRecorder(db.sqlite);
  const write = createReplyWriter((replies) => {
    transactions.push(replies.length);
    return record(replies);
  });
  return { db, write, transactions };
}

describe('replies that come at about the same time', () => {
  it('are written in one transaction, and each reply gets the number of its rows that were new', async () => {
    const { db, write, transactions } = setUp();
    const tallies = await Promise.all([write(pageOf('i-a', 'i-b')), write(pageOf('i-c')), write(pageOf())]);
    expect(tallies).toEqual([
      { seen: 2, added: 2, changed: 0, changedFinal: 0 },
      { seen: 1, added: 1, changed: 0, changedFinal: 0 },
      { seen: 0, added: 0, changed: 0, changedFinal: 0 },
    ]);
    expect(transactions).toEqual([3]);
    expect(rowsOf(db, 'invocations')).toHaveLength(3);
    expect(rowsOf(db, 'revision_pages')).toHaveLength(1);
  });

  it('are at most twenty in one transaction, so that other writers do not wait long', async () => {
    const { write, transactions } = setUp();
    const tallies = await Promise.all(Array.from({ length: 45 }, (_, n) => write(pageOf(`i-${n}`))));
    expect(tallies).toEqual(Array(45).fill({ seen: 1, added: 1, changed: 0, changedFinal: 0 }));
    expect(transactions).toEqual([20, 20, 5]);
  });

  it('may show one invocation twice: it is added once, and changed once it differs', async () => {
    const { db, write } = setUp();
    const running = page([rawInvocation({ Status: 'InProgress', StatusDetails: 'InProgress' })]);
    const tallies = await Promise.all([write(running), write(page([rawInvocation()])), write(page([rawInvocation()]))]);
    expect(tallies.map(({ added, changed }) => [added, changed])).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
    expect(rowsOf(db, 'revisions').map(({ status }) => status)).toEqual(['InProgress', 'Success']);
    expect(rowsOf(db, 'daily_counts').filter(({ invocations }) => invocations !== 0)).toMatchObject([
      { status: 'Success', invocations: 1 },
    ]);
  });

  it('may show one invocation with its members in another order: that does not count as a change', async () => {
    const { db, write } = setUp();
    const raw = rawInvocation();
    const turned = Object.fromEntries(Object.entries(raw).reverse());
    const tallies = await Promise.all([raw, turned, raw].map((each) => write(page([each]))));
    expect(tallies.map(({ added, changed }) => [added, changed])).toEqual([
      [1, 0],
      [0, 0],
      [0, 0],
    ]);
    const running = rawInvocation({ Status: 'InProgress' });
    const runningTurned = Object.fromEntries(Object.entries(running).reverse());
    await Promise.all([turned, running, runningTurned, raw].map((each) => write(page([each]))));
    expect(rowsOf(db, 'revisions').map(({ status }) => status)).toEqual(['Success', 'InProgress', 'Success']);
  });

  it('are all refused if one of them is: none of them is written, but later replies are written', async () => {
    const { db, write } = setUp();
    const refused = {
      ...pageOf('i-b'),
      inTransaction: () => {
        throw new Error('The lease is lost.');
      },
    };
    const results = await Promise.allSettled([write(pageOf('i-a')), write(refused)]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { message: 'The lease is lost.' } },
      { status: 'rejected', reason: { message: 'The lease is lost.' } },
    ]);
    expect(rowsOf(db, 'invocations')).toEqual([]);
    expect(await write(pageOf('i-a'))).toEqual({ seen: 1, added: 1, changed: 0, changedFinal: 0 });
  });
});
