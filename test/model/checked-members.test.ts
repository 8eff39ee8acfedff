import { describe, expect, it } from 'vitest';
import { createRowChecker } from '../../src/archive/evidence/check/check-rows-of-pack.ts';
import { createRowRedaction } from '../../src/archive/evidence/redact-row.ts';
import type { InvocationView } from '../../src/archive/invocations/invocation-view.ts';
import { createInvocationChecker } from '../../src/archive/verify/check-invocation.ts';
import type { ArchiveDb } from '../../src/db/open.ts';
import { commitState } from '../../src/ledger/entries/commitments.ts';
import { partsOfName } from '../../src/model/member-row.ts';
import { INVOCATION_MEMBERS, membersOf, STEP_MEMBERS } from '../../src/model/members.ts';
import { SECRET_MEMBERS } from '../../src/model/secret-members.ts';
import { revisionsOf, SOURCE } from '../archive/raw-invocation.ts';
import { INVOCATION, KEY, STEP } from './marked.ts';
import { markedArchive, markedView } from './marked-archive.ts';

const STEPS = membersOf(STEP_MEMBERS).filter(({ kind }) => kind !== 'output');
const LAST_AT = '2026-03-01T12:00:00.000Z';

function lastStateOf(db: ArchiveDb): string {
  const state = revisionsOf(db).at(-1)?.json;
  if (state === undefined) throw new Error('The archive has no state.');
  return state;
}

/** Returns the faults that `verify` finds when it compares the marked invocation with its last state. */
function faultsOf(db: ArchiveDb): string[] {
  const faults: string[] = [];
  const times = { observedAt: LAST_AT, isFirst: 0, isLast: 1 } as const;
  const own = { pluginCount: 1, fingerprint: null, isWithoutOutputs: false };
  const status = String(INVOCATION.stored.status);
  const statusDetails = String(INVOCATION.stored.statusDetails);
  const row = {
    invocationId: 1,
    commandId: KEY.CommandId,
    instanceId: KEY.InstanceId,
    ...times,
    ...own,
    status,
    statusDetails,
  };
  const found = { outputs: new Set<string>(), fault: (what: string) => faults.push(what) };
  createInvocationChecker(db.sqlite)(row, lastStateOf(db), found);
  return faults;
}

/** Returns the fault of a pack's row, compared with the pack's states. */
function faultOfRow(db: ArchiveDb, row: InvocationView) {
  const checker = createRowChecker();
  const entry = { kind: 'revision', ...SOURCE, observedAt: LAST_AT, state: JSON.parse(lastStateOf(db)) };
  checker.addState(JSON.stringify(entry), false, () => undefined);
  return checker.faultOf(row, undefined)?.what;
}

describe('verify', () => {
  it('finds no fault in the unchanged archive', () => {
    expect(faultsOf(markedArchive())).toEqual([]);
  });

  it('finds a change of any member of an invocation, and names its column', () => {
    const db = markedArchive();
    for (const { column } of membersOf(INVOCATION_MEMBERS)) {
      db.sqlite.exec(`SAVEPOINT before; UPDATE invocations SET ${column} = NULL`);
      expect(faultsOf(db)).toEqual([`invocations.${column} differs from its last state`]);
      db.sqlite.exec('ROLLBACK TO before');
    }
  });

  it('finds a change of any member of a step, and names its column', () => {
    const db = markedArchive();
    for (const { column } of membersOf(STEP_MEMBERS)) {
      db.sqlite.exec(`SAVEPOINT before; UPDATE plugins SET ${column} = NULL`);
      expect(faultsOf(db)).toEqual([`plugins.${column} of step 0 differs from its last state`]);
      db.sqlite.exec('ROLLBACK TO before');
    }
  });
});

describe('an evidence pack', () => {
  it('has no fault in an unchanged row', () => {
    const db = markedArchive();
    expect(faultOfRow(db, markedView(db))).toBeUndefined();
  });

  it('is not reported as genuine if any member of a row or of its step is changed or missing', () => {
    const db = markedArchive();
    const view = markedView(db);
    const [step] = view.plugins;
    for (const value of ['another', undefined]) {
      const rows = [
        ...membersOf(INVOCATION_MEMBERS).map(({ name }) => ({ name, row: { ...view, [name]: value } })),
        ...[...STEPS.map(({ name }) => name), 'outputSha256'].map((name) => ({
          ...{ name, row: { ...view, plugins: [Object.assign({ ...step }, { [name]: value })] } },
        })),
      ];
      const unseen = rows.filter(({ row }) => faultOfRow(db, Object.assign({ ...view }, row)) === undefined);
      expect(unseen.map(({ name }) => name)).toEqual([]);
    }
  });

  it.each(SECRET_MEMBERS)('has no %s in its rows or states if that is left out', (secret) => {
    const db = markedArchive();
    const marks = [
      ...membersOf(INVOCATION_MEMBERS).map(({ aws, name }) => ({
        own: partsOfName(aws).own,
        mark: INVOCATION.shown[name],
      })),
      ...STEPS.map(({ aws, name }) => ({ own: partsOfName(aws).own, mark: STEP.shown[name] })),
    ];
    const { plugins, ...row } = markedView(db);
    const shown = { ...row, plugins: plugins.map(({ output: _, ...plugin }) => plugin) };
    const redacted = JSON.stringify(createRowRedaction([secret])(shown));
    const state = commitState(lastStateOf(db), (value, member) => (member === secret ? '"left out"' : value));
    for (const { own, mark } of marks) {
      const text = JSON.stringify(mark);
      expect([own, redacted.includes(`:${text}`)]).toEqual([own, own !== secret]);
      if (typeof mark === 'string' && mark.startsWith('mark'))
        expect([own, state.includes(`"${own}":${text}`)]).toEqual([own, own !== secret]);
    }
    if (secret === 'Output') {
      expect(redacted).not.toContain(String(plugins[0]?.outputSha256));
      expect(state).not.toContain(String(plugins[0]?.outputSha256));
    }
  });
});
