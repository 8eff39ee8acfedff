import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findNeverSeen, findUnseen } from '../../../src/archive/values/find-never-seen.ts';
import { OPEN_FILTERS } from '../../../src/archive/values/open-values.ts';
import type { ArchiveDb } from '../../../src/db/open.ts';
import { recordOf } from '../../../src/lib/json/record-of.ts';
import { COMMAND_MEMBERS, INVOCATION_MEMBERS, type MemberList } from '../../../src/model/members.ts';
import { asMembers } from '../../../src/model/read-member.ts';
import { FILTERS, type OpenFilter } from '../../../src/questions/filters.ts';
import { type Members, rawPlugin, revisionsOf } from '../raw-invocation.ts';
import { sealRows } from '../sealed/seal-rows.ts';
import { archiveWith, list, NOTHING, pruneOf, show } from './seen-archive.ts';

const SOURCES = [
  { accountId: '111122223333', region: 'eu-west-1' },
  { accountId: '444455556666', region: 'us-east-1' },
] as const;
const source = fc.constantFrom(...SOURCES);
const WORDS = ['', 'web-1', 'Web-1', 'web-12', 'a"b', 'half \ud83d', 'nul\0', '100%', 'é', '\\n'];
const word = fc.constantFrom(...WORDS);
// As in AWS, the document of a command never changes. Pruning by document relies on this.
const DOCUMENTS = { 'c-1': 'Doc', 'c-2': 'doc', 'C-1': 'Doc-2', 'c-12': undefined } as const;
const command = fc
  .constantFrom('c-1' as const, 'c-2' as const, 'C-1' as const, 'c-12' as const)
  .map((CommandId) => ({ CommandId, DocumentName: DOCUMENTS[CommandId] }));
const instanceId = fc.constantFrom('i-1', 'i-2', 'i-12');

/** The values to try with each filter whose meaning is defined below. */
const ASKED = {
  account: fc.constantFrom('111122223333', '444455556666', '11112222333'),
  region: fc.constantFrom('eu-west-1', 'us-east-1', 'eu'),
  commandId: fc.constantFrom('c-1', 'C-1', 'c-12', 'c-3'),
  instanceId: fc.constantFrom('i-1', 'i-12', 'i-3', 'I-1'),
  instanceName: fc.constantFrom('web', 'web-12', 'W', 'half \ufffd', 'a"', '100_', '\\n'),
  documentName: fc.constantFrom('Doc', 'doc', 'Doc-2', 'Doc-3'),
  pluginName: fc.constantFrom('web-1', 'a"b', 'half \ufffd', 'é', 'x'),
  comment: fc.constantFrom('eb-1', '"', '%', 'f \ufffd', '\\', 'x'),
  sender: fc.constant('arn:aws:iam::111122223333:user/jane'),
};
/** All other filters, including any that are added later. The value of each must equal a member of the invocation. */
const EQUAL_MEMBERS = OPEN_FILTERS.filter((filter) => !(filter in ASKED)).map((filter) => {
  const members: MemberList = INVOCATION_MEMBERS;
  const ofCommands: MemberList = COMMAND_MEMBERS;
  const member = FILTERS[filter].member ?? '';
  const { aws } = members[member] ?? {};
  if (aws === undefined) throw new Error(`Define here which values to try with ${filter}, and what it matches.`);
  return { filter, aws, columnOfCommand: ofCommands[member]?.column };
});
const OF_COMMANDS = EQUAL_MEMBERS.filter(({ columnOfCommand }) => columnOfCommand !== undefined);
const equalMembers = (members: typeof EQUAL_MEMBERS) =>
  fc.record(Object.fromEntries(members.map(({ aws }) => [aws, fc.option(word, { nil: undefined })])));

const invocation = fc
  .tuple(
    command,
    fc.record({
      InstanceId: instanceId,
      InstanceName: fc.option(word, { nil: undefined }),
      Comment: word,
      CommandPlugins: fc.array(word.map((Name) => rawPlugin({ Name }))),
    }),
    equalMembers(EQUAL_MEMBERS),
  )
  .map(([its, more, equal]) => ({ ...its, ...more, ...equal }));
const listed = fc
  .tuple(command, fc.record({ Comment: word, InstanceIds: fc.array(instanceId) }), equalMembers(OF_COMMANDS))
  .map(([its, more, equal]) => ({ ...equal, ...its, ...more }));
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('show' as const), source, raws: fc.array(invocation) }) },
  fc.record({ do: fc.constant('list' as const), source, command: listed }),
);
const pruning = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom(
    ...[{ documentName: 'Doc' }, { commandId: 'c-1' }, { instanceId: 'i-1' }, { account: '111122223333' }, {}],
  ),
);
const asked: fc.Arbitrary<Readonly<Partial<Record<OpenFilter, string>>>> = fc.record({
  ...ASKED,
  ...Object.fromEntries(EQUAL_MEMBERS.map(({ filter }) => [filter, fc.constantFrom('web-1', 'half \ufffd', 'x')])),
});

type Values = Record<OpenFilter, Set<string>>;

const none = (): Values => recordOf(OPEN_FILTERS, () => new Set<string>());

function add(values: Values, filter: OpenFilter, value: unknown): void {
  if (typeof value === 'string') values[filter].add(value.toWellFormed());
}

function addInvocation(values: Values, raw: Members): void {
  add(values, 'commandId', raw.CommandId);
  add(values, 'instanceId', raw.InstanceId);
  add(values, 'instanceName', raw.InstanceName);
  add(values, 'comment', raw.Comment);
  add(values, 'documentName', raw.DocumentName);
  for (const { filter, aws } of EQUAL_MEMBERS) add(values, filter, raw[aws]);
  for (const plugin of Array.isArray(raw.CommandPlugins) ? raw.CommandPlugins : [])
    add(values, 'pluginName', asMembers(plugin)?.Name);
}

/** Everything that is in the archive now, read row by row and state by state. */
function scanned(db: ArchiveDb): Values {
  const values = none();
  for (const { json } of revisionsOf(db)) addInvocation(values, asMembers(JSON.parse(json)) ?? {});
  const columns = 'account_id AS account, region, command_id AS commandId, document_name AS documentName, comment';
  const more = OF_COMMANDS.map(({ filter, columnOfCommand }) => `, ${columnOfCommand} AS ${filter}`).join('');
  const rows = [
    `SELECT ${columns}, instance_ids_json AS ids${more} FROM commands`,
    `SELECT ${columns} FROM invocations`,
  ].flatMap((sql) => db.sqlite.prepare<[], Members>(sql).all());
  for (const { ids, ...row } of rows) {
    for (const filter of OPEN_FILTERS) add(values, filter, row[filter]);
    const list: unknown = JSON.parse(typeof ids === 'string' ? ids : '[]');
    for (const id of Array.isArray(list) ? list : []) add(values, 'instanceId', id);
  }
  return values;
}

function matches(values: Values, filter: OpenFilter, value: string): boolean {
  if (filter === 'instanceName') return [...values.instanceName].some((name) => name.startsWith(value));
  if (filter === 'comment') return [...values.comment].some((comment) => comment.includes(value));
  return values[filter].has(value);
}

it('findNeverSeen names values that a scan of the whole archive does not find, and no value that was ever there, whatever was pruned or sealed', async () => {
  const found = { never: 0, pruned: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), pruning, asked, async (steps, selection, values) => {
      const db = archiveWith([]);
      const ever = none();
      // In AWS only the status and the counts of a command change, so a command that is listed again is the same.
      const listed = new Map<string, Extract<(typeof steps)[number], { do: 'list' }>['command']>();
      let minute = 0;
      for (const one of steps) {
        add(ever, 'account', one.do === 'show' && one.raws.length === 0 ? undefined : one.source.accountId);
        add(ever, 'region', one.do === 'show' && one.raws.length === 0 ? undefined : one.source.region);
        if (one.do === 'show') {
          for (const raw of one.raws) addInvocation(ever, raw);
          show(db, one.raws, { source: one.source, minute });
          minute += 1;
        } else {
          const key = `${one.source.accountId} ${one.source.region} ${one.command.CommandId}`;
          const same = listed.get(key) ?? one.command;
          list(db, same, one.source);
          listed.set(key, same);
        }
      }
      for (const command of listed.values()) {
        addInvocation(ever, command);
        for (const id of command.InstanceIds) add(ever, 'instanceId', id);
      }
      const before = scanned(db);
      const pruned = selection === undefined ? 0 : await pruneOf(db, selection);
      const now = scanned(db);
      const never = findNeverSeen(db.sqlite, values, NOTHING);
      const unseen = findUnseen(db.sqlite, values, NOTHING);
      for (const filter of OPEN_FILTERS) {
        const value = values[filter];
        if (value === undefined) throw new Error(`There are no values to try with ${filter}.`);
        const isNamed = never.some((one) => one.filter === filter);
        if (matches(ever, filter, value)) expect(isNamed, `${filter} ${value}`).toBe(false);
        else if (selection === undefined) expect(isNamed, `${filter} ${value}`).toBe(!matches(before, filter, value));
        if (selection === undefined || filter === 'account' || filter === 'region') continue;
        const has = matches(now, filter, value);
        expect(
          unseen.some((one) => one.filter === filter),
          `${filter} ${value}`,
        ).toBe(!has);
      }
      for (const { filter, near } of unseen) {
        expect(near.length).toBeLessThanOrEqual(3);
        for (const one of near) expect(matches(ever, filter, one), `${filter} near ${one}`).toBe(true);
      }
      sealRows(db);
      const withoutNear = (values: readonly { near: string[] }[]) => values.map(({ near, ...value }) => value);
      const afterSealing = findUnseen(db.sqlite, values, NOTHING);
      expect(withoutNear(afterSealing)).toEqual(withoutNear(unseen));
      for (const { filter, near } of afterSealing)
        for (const one of near) expect(matches(ever, filter, one), `${filter} near ${one}`).toBe(true);
      found.never += never.length;
      found.pruned += pruned;
    }),
    { numRuns: 60 },
  );
  expect(found.never).toBeGreaterThan(20);
  expect(found.pruned).toBeGreaterThan(0);
}, 60_000);
