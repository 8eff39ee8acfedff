import { createServer } from 'node:http';
import SQLite from 'better-sqlite3';
import { z } from 'zod';
import { OUTPUT_MEMBER, SHOWN_MEMBERS, SHOWN_STEP_MEMBERS } from '../../src/archive/invocations/invocation-view.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';

// The rival: node:http, bare better-sqlite3 and JSON.stringify, only for the pages that the benchmark asks for. It has
// no framework, checks no parameters, and has no tokens and no access log. It sends the rows and members of
// ssm-archive, in the same order.
const PAGE = 50;
const { path } = readInput(z.object({ path: z.string() }));
const sqlite = new SQLite(path, { readonly: true });

type Row = Record<string, unknown>;

const COLUMNS = SHOWN_MEMBERS.map(([member, column]) => `i.${column} AS ${member}`).join(', ');
const STEP_COLUMNS = [...SHOWN_STEP_MEMBERS, OUTPUT_MEMBER].map(([member, sql]) => `${sql} AS ${member}`).join(', ');
const JSONS = namesOfKind(SHOWN_MEMBERS, 'list');
const FLAGS = namesOfKind(SHOWN_MEMBERS, 'flag');
const STEP_FLAGS = namesOfKind(SHOWN_STEP_MEMBERS, 'flag');
const ORDER = `ORDER BY i.requested_at DESC, i.id DESC LIMIT ${PAGE + 1}`;

const newest = sqlite.prepare<[], Row>(`SELECT i.id, ${COLUMNS} FROM invocations i ${ORDER}`);
const ofInstance = sqlite.prepare<[string | null], Row>(
  `SELECT i.id, ${COLUMNS} FROM invocations i INDEXED BY invocations_instance WHERE i.instance_id = ? ${ORDER}`,
);
const pluginsOf = sqlite.prepare<[unknown], Row>(
  `SELECT ${STEP_COLUMNS} FROM plugins p LEFT JOIN outputs o ON o.id = p.output_id WHERE p.invocation_id = ? ORDER BY p.position`,
);

// Uses one transaction, because otherwise each statement would take and release the file's lock.
const read = sqlite.transaction((instanceId: string | null) => {
  const rows = instanceId === null ? newest.all() : ofInstance.all(instanceId);
  const items = rows.slice(0, PAGE).map(({ id, ...row }) => {
    for (const member of JSONS) row[member] = row[member] === null ? null : JSON.parse(String(row[member]));
    setFlags(row, FLAGS);
    const plugins = pluginsOf.all(id);
    for (const plugin of plugins) setFlags(plugin, STEP_FLAGS);
    return { ...row, plugins };
  });
  return { rows, items };
});

const server = createServer((request, response) => {
  const instanceId = new URLSearchParams(request.url?.split('?')[1]).get('instanceId');
  const { rows, items } = read(instanceId);
  const last = rows[PAGE - 1];
  const cursor = last && Buffer.from(JSON.stringify([last.requestedAt, last.id])).toString('base64url');
  const body = JSON.stringify({ items, ...(rows.length > PAGE && { nextCursor: cursor }) });
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
});

function namesOfKind(members: typeof SHOWN_MEMBERS | typeof SHOWN_STEP_MEMBERS, kind: 'list' | 'flag'): string[] {
  return members.filter(([, , each]) => each === kind).map(([member]) => member);
}

function setFlags(row: Row, flags: readonly string[]): void {
  for (const flag of flags) row[flag] = row[flag] === null ? null : row[flag] === 1;
}

const port = await new Promise<number>((resolve) => {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    resolve(typeof address === 'object' && address !== null ? address.port : 0);
  });
});

answerParent(() => ({ url: `http://127.0.0.1:${port}`, pid: process.pid }));
