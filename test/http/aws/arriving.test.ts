import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ArchiveDb, openArchive } from '../../../src/db/open.ts';
import type { Body, ListOperation } from './conformance/conformance-requests.ts';
import { commandIdOf, compareRows, keyOfRow, nodeIdOf, type Row, recordRows } from './growing-archive.ts';
import { ask, readPage } from './read-pages.ts';
import { serveArchive } from './serve-archive.ts';

let folder: string;
let db: ArchiveDb;
let server: Awaited<ReturnType<typeof serveArchive>>;
let accounts = 100_000_000_000;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ssm-archive-'));
  const path = join(folder, 'archive.db');
  db = openArchive(path);
  server = await serveArchive(path, () => new Date('2026-03-15T12:00:00.000Z'));
});
afterAll(async () => {
  await server.stop();
  db.close();
  rmSync(folder, { recursive: true });
});

interface Listing {
  operation: ListOperation;
  body: Body;
  matches(row: Row): boolean;
  /** How many different commands and nodes the rows have. */
  spread: readonly [commands: number, nodes: number];
}

const LISTINGS: Record<string, Listing> = {
  everything: { operation: 'ListCommandInvocations', body: {}, matches: () => true, spread: [3, 10] },
  'everything with details': {
    operation: 'ListCommandInvocations',
    body: { Details: true },
    matches: () => true,
    spread: [3, 10],
  },
  'the invocations of a command': {
    operation: 'ListCommandInvocations',
    body: { CommandId: commandIdOf({ command: 1 }) },
    matches: ({ command }) => command === 1,
    spread: [2, 20],
  },
  'the invocations of a node': {
    operation: 'ListCommandInvocations',
    body: { InstanceId: nodeIdOf({ node: 1 }) },
    matches: ({ node }) => node === 1,
    spread: [20, 2],
  },
  'the invocations with a status': {
    operation: 'ListCommandInvocations',
    body: { Filters: [{ key: 'Status', value: 'Failed' }] },
    matches: ({ node }) => node % 2 === 1,
    spread: [3, 10],
  },
  'all commands': { operation: 'ListCommands', body: {}, matches: () => true, spread: [20, 1] },
};

/** There are few different times, so that most rows share their millisecond with others. */
function histories([commands, nodes]: Listing['spread']) {
  const row = fc.record({ ms: fc.nat(4), command: fc.nat(commands - 1), node: fc.nat(nodes - 1) });
  return fc.record({
    before: fc.array(row, { minLength: 8, maxLength: 20 }),
    arrivals: fc.array(fc.array(row, { maxLength: 6 }), { minLength: 4, maxLength: 12 }),
    size: fc.integer({ min: 1, max: 3 }),
  });
}

/**
 * A model of the endpoint's contract: each page begins after the last item of the page before, among the rows that
 * exist by now.
 */
function* modelPages(rows: Map<string, Row>, size: number, matches: Listing['matches']): Generator<Row[]> {
  for (let last: Row | undefined; ; ) {
    const rest = [...rows.values()].filter((row) => matches(row) && (!last || compareRows(row, last) > 0));
    const items = rest.toSorted(compareRows).slice(0, size);
    yield items;
    if (rest.length <= size) return;
    last = items.at(-1);
  }
}

test.each(Object.entries(LISTINGS))(
  'a listing of %s skips and repeats no item that was there, while newer, older and simultaneous rows arrive',
  async (_, { operation, body, matches, spread }) => {
    let arrivedAhead = 0;
    await fc.assert(
      fc.asyncProperty(histories(spread), async ({ before, arrivals, size }) => {
        const accessKeyId = String(accounts++);
        const rows = new Map<string, Row>();
        // The first row of an invocation decides its time; later rows of the same invocation have another comment.
        const record = (given: readonly Row[], comment: string) => {
          const mine = given.map((one) => (operation === 'ListCommands' ? { ...one, node: 0 } : one));
          for (const one of mine) rows.set(keyOfRow(one), rows.get(keyOfRow(one)) ?? one);
          recordRows(
            db,
            accessKeyId,
            operation,
            mine.flatMap((one) => rows.get(keyOfRow(one)) ?? []),
            comment,
          );
        };
        record(before, 'first');
        const there = [...rows.values()].filter(matches).toSorted(compareRows).map(keyOfRow);

        const listed: string[] = [];
        const tokens = new Set<string>();
        let token: string | undefined;
        let page = 0;
        for (const expected of modelPages(rows, size, matches)) {
          const request = { operation, accessKeyId, body: { ...body, MaxResults: size, NextToken: token } };
          const reply = readPage(await ask(server, request));
          const keys = reply.items.map(
            ({ CommandId, InstanceId = nodeIdOf({ node: 0 }) }) => `${CommandId}/${InstanceId}`,
          );
          expect(keys).toEqual(expected.map(keyOfRow));
          listed.push(...keys);
          token = reply.token;
          if (token !== undefined) {
            expect(tokens).not.toContain(token);
            tokens.add(token);
            record(arrivals[page++] ?? [], `after page ${page}`);
          }
        }
        expect(token).toBeUndefined();
        expect(listed.filter((key) => there.includes(key))).toEqual(there);
        expect(new Set(listed).size).toBe(listed.length);
        arrivedAhead += listed.length - there.length;
      }),
      { numRuns: 12, seed: 5 },
    );
    expect(arrivedAhead).toBeGreaterThan(0);
  },
);

test('a NextToken stays valid after a restart of the server', async () => {
  const accessKeyId = String(accounts++);
  const rows = [0, 1, 2, 3].map((node) => ({ ms: node, command: 1, node }));
  const request = { operation: 'ListCommandInvocations' as const, accessKeyId, body: { MaxResults: 2 } };
  recordRows(db, accessKeyId, request.operation, rows, 'first');
  const { token } = readPage(await ask(server, request));
  await server.stop();
  server = await serveArchive(join(folder, 'archive.db'), () => new Date('2036-03-15T12:00:00.000Z'));
  const { items } = readPage(await ask(server, { ...request, body: { NextToken: token } }));
  expect(items.map(({ InstanceId }) => InstanceId)).toEqual([nodeIdOf({ node: 1 }), nodeIdOf({ node: 0 })]);
});
