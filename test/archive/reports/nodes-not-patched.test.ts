import { describe, expect, it } from 'vitest';
import { createListedCommandRecorder } from '../../../src/archive/record/record-listed-commands.ts';
import { createSingleReplyRecorder } from '../../../src/archive/record/record-replies.ts';
import { nodesNotPatched } from '../../../src/archive/reports/nodes-not-patched.ts';
import { observeCommand } from '../../../src/upstream/replies/observe-command.ts';
import { tempArchive } from '../../db/temp-archive.ts';
import { type Members, OBSERVED_AT, page, rawInvocation, rawPlugin, SOURCE } from '../raw-invocation.ts';
import { ask } from './report-trial.ts';

const AT = Date.parse('2026-03-30T00:00:00.000Z') / 1000;
const DAY = 86_400;
const SKIPPED = `Step execution skipped due to unsatisfied preconditions: '"StringEquals": [platformType, Windows]'. Step name: PatchWindows`;

/**
 * A command that was sent to one node; the node's name is its id. If `parameters` is undefined, the command itself was
 * never listed.
 */
interface Sent {
  node: string;
  document?: string;
  parameters?: unknown;
  at?: number;
  more?: Members;
}

function archiveOf(sent: readonly Sent[]) {
  const { sqlite } = tempArchive();
  const command = (n: number) => `c0000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const documentOf = ({ document = 'AWS-RunPatchBaseline' }: Sent) => document;
  createSingleReplyRecorder(sqlite)(
    page(
      sent.map((one, n) =>
        rawInvocation({
          ...{ CommandId: command(n), InstanceId: one.node, DocumentName: documentOf(one) },
          ...{ RequestedDateTime: one.at ?? AT, ...one.more },
        }),
      ),
    ),
  );
  const listed = sent.flatMap((one, n) =>
    one.parameters === undefined
      ? []
      : [
          observeCommand({
            ...{ CommandId: command(n), DocumentName: documentOf(one), RequestedDateTime: one.at ?? AT },
            ...{ Parameters: one.parameters, Status: 'Success', StatusDetails: 'Success' },
          }),
        ],
  );
  createListedCommandRecorder(sqlite)(SOURCE, OBSERVED_AT, listed);
  return sqlite;
}

type Archive = ReturnType<typeof archiveOf>;
const statesOf = (sqlite: Archive, given: Record<string, string> = {}) =>
  Object.fromEntries(ask(sqlite.name, nodesNotPatched, given).map((row) => [row.instance_id, row.state]));

const INSTALL = { Operation: ['Install'] };
const SCAN = { Operation: ['Scan'] };

describe('nodes-not-patched', () => {
  it('only counts Install as a patch, and says when a node was scanned', () => {
    const sqlite = archiveOf([
      { node: 'i-installed', parameters: INSTALL },
      { node: 'i-scanned', parameters: SCAN },
      { node: 'i-both', parameters: INSTALL, at: AT - 60 * DAY },
      { node: 'i-both', parameters: SCAN },
      { node: 'i-failed', parameters: INSTALL, more: { Status: 'Failed', StatusDetails: 'Failed' } },
    ]);
    expect(
      ask(sqlite.name, nodesNotPatched).map((row) => [
        row.instance_id,
        row.state,
        row.last_patched_at,
        row.last_scanned_at,
      ]),
    ).toEqual([
      ['i-failed', 'not patched', null, null],
      ['i-scanned', 'not patched', null, '2026-03-30T00:00:00.000Z'],
      ['i-both', 'not patched', '2026-01-29T00:00:00.000Z', '2026-03-30T00:00:00.000Z'],
    ]);
  });

  it('keeps accounts apart, and leaves out nodes to which nothing was sent in the span', () => {
    const sqlite = archiveOf([
      { node: 'i-twice', parameters: INSTALL },
      { node: 'i-gone', at: AT - 60 * DAY },
    ]);
    const other = { accountId: '999999999999', region: 'us-east-1' };
    createSingleReplyRecorder(sqlite)(
      page([rawInvocation({ InstanceId: 'i-twice', RequestedDateTime: AT })], { source: other }),
    );
    const rows = ask(sqlite.name, nodesNotPatched);
    expect(rows).toMatchObject([
      { account_id: other.accountId, instance_id: 'i-twice', last_attempt_at: null, state: 'not patched' },
    ]);
    expect(rows).toHaveLength(1);
  });

  it('says "unknown" if the command was never listed, unless an Install is known too', () => {
    const sqlite = archiveOf([
      { node: 'i-unlisted' },
      { node: 'i-listed-too' },
      { node: 'i-listed-too', parameters: INSTALL },
      { node: 'i-long-ago', at: AT - 60 * DAY },
      { node: 'i-long-ago', document: 'AWS-RunShellScript' },
      { node: 'i-unlisted-failed', more: { Status: 'Failed', StatusDetails: 'Failed' } },
    ]);
    expect(statesOf(sqlite)).toEqual({
      'i-unlisted': 'unknown',
      'i-long-ago': 'not patched',
      'i-unlisted-failed': 'not patched',
    });
  });

  it('knows AWS’s documents by name and by ARN, each with the parameter that selects its operation', () => {
    const arn = (name: string, account = '') => `arn:aws:ssm:eu-west-1:${account}:document/${name}`;
    const documents = [
      ...[
        'AWS-RunPatchBaseline',
        'AWS-RunPatchBaselineAssociation',
        'AWS-RunPatchBaselineWithHooks',
        'AWS-ApplyPatchBaseline',
      ],
      ...[arn('AWS-RunPatchBaseline'), arn('AWS-RunPatchBaselineWithHooks', '111122223333')],
    ];
    const sqlite = archiveOf([
      ...documents.flatMap((document) => [
        { node: `i-${document}-install`, document, parameters: INSTALL },
        { node: `i-${document}-scan`, document, parameters: SCAN },
        { node: `i-${document}-unknown`, document },
      ]),
      {
        node: 'i-windows-install',
        document: 'AWS-InstallWindowsUpdates',
        parameters: { Action: ['Install'], IncludeKbs: ['KB1'] },
      },
      { node: 'i-windows-arn', document: arn('AWS-InstallWindowsUpdates'), parameters: { Action: ['Install'] } },
      { node: 'i-windows-scan', document: 'AWS-InstallWindowsUpdates', parameters: { Action: ['Scan'] } },
      { node: 'i-windows-uninstall', document: 'AWS-InstallWindowsUpdates', parameters: { Action: ['Uninstall'] } },
      { node: 'i-windows-other', document: 'AWS-InstallWindowsUpdates', parameters: INSTALL },
      { node: 'i-missing', document: 'AWS-InstallMissingWindowsUpdates' },
      { node: 'i-find', document: 'AWS-FindWindowsUpdates' },
      { node: 'i-another', document: 'Own-AWS-RunPatchBaseline', parameters: INSTALL },
    ]);
    expect(statesOf(sqlite)).toEqual({
      ...Object.fromEntries(
        documents.flatMap((name) => [
          [`i-${name}-scan`, 'not patched'],
          [`i-${name}-unknown`, 'unknown'],
        ]),
      ),
      ...{ 'i-windows-scan': 'not patched', 'i-windows-uninstall': 'not patched', 'i-windows-other': 'unknown' },
      ...{ 'i-find': 'not patched', 'i-another': 'not patched' },
    });
  });

  it('accepts a user’s own documents: documents that always patch, and documents with a parameter that says whether to patch', () => {
    const sqlite = archiveOf([
      { node: 'i-always', document: 'Acme-Patch' },
      { node: 'i-by-arn', document: 'arn:aws:ssm:eu-west-1:111122223333:document/Acme-Patch' },
      { node: 'i-told', document: 'Acme-Baseline', parameters: { Mode: ['Install'] } },
      { node: 'i-told-scan', document: 'Acme-Baseline', parameters: { Mode: ['Scan'] } },
      { node: 'i-told-unlisted', document: 'Acme-Baseline' },
      { node: 'i-scan', parameters: SCAN },
    ]);
    const none = { 'i-always': 'not patched', 'i-by-arn': 'not patched', 'i-told': 'not patched' };
    const told = { 'i-told-scan': 'not patched', 'i-told-unlisted': 'unknown', 'i-scan': 'not patched' };
    expect(statesOf(sqlite)).toEqual({ ...none, ...told, 'i-told-unlisted': 'not patched' });
    expect(statesOf(sqlite, { documents: 'Acme-Patch, Acme-Baseline=Mode' })).toEqual(told);
    const arn = 'arn:aws:ssm:eu-west-1:111122223333:document/Acme-Patch';
    expect(statesOf(sqlite, { documents: arn })).toMatchObject({ 'i-always': 'not patched', 'i-told': 'not patched' });
    expect(statesOf(sqlite, { documents: arn })).not.toHaveProperty('i-by-arn');
    // The caller cannot change what AWS's own documents do.
    expect(statesOf(sqlite, { documents: 'AWS-RunPatchBaseline' })).toMatchObject({ 'i-scan': 'not patched' });
    for (const documents of [
      ',',
      '=',
      '"',
      "'",
      '\\',
      'a"b=c"d',
      '",1,"',
      'x=$..[',
      '\u0000',
      'Acme-Patch=',
      '[]',
      'a=b=c',
    ])
      expect(Object.keys(statesOf(sqlite, { documents })), documents).toContain('i-scan');
  });

  it('counts a run as a patch if one of its steps ran, and not if the agent skipped every step', () => {
    const skipped = rawPlugin({ Name: 'PatchWindows', Output: SKIPPED });
    const sqlite = archiveOf([
      { node: 'i-nothing-ran', parameters: INSTALL, more: { CommandPlugins: [skipped] } },
      { node: 'i-unlisted-nothing-ran', more: { CommandPlugins: [skipped] } },
      { node: 'i-ran', parameters: INSTALL, more: { CommandPlugins: [skipped, rawPlugin({ Name: 'PatchLinux' })] } },
      { node: 'i-no-steps', parameters: INSTALL, more: { CommandPlugins: [] } },
    ]);
    expect(statesOf(sqlite)).toEqual({ 'i-nothing-ran': 'not patched', 'i-unlisted-nothing-ran': 'not patched' });
  });

  it('is not broken by parameters of any form, and counts none of them as a patch', () => {
    const odd = [
      ...['', 'no JSON', '{', 'null', '5', '"Install"', '[]', '["Operation", "Install"]', '{"Operation"', '\u0000'],
      ...[
        {},
        { Operation: [] },
        { Operation: [['Install']] },
        { Operation: { a: 'Install' } },
        { Operation: [{}] },
      ].map((one) => JSON.stringify(one)),
      ...[
        { Operation: ['Scan', 'Install'] },
        { Operation: [null] },
        { Operation: [1] },
        { operation: ['Install'] },
      ].map((one) => JSON.stringify(one)),
      ...[
        '{"Operation":["{{ssm:operation}}"]}',
        '{"Operation":["Install\\u0000"]}',
        '['.repeat(2000),
        '{"Operation":'.repeat(1500),
      ],
    ];
    const nodes = odd.map((_, n) => `i-${n}`);
    const sqlite = archiveOf([
      ...nodes.map((node) => ({ node, parameters: SCAN })),
      { node: 'i-text', parameters: SCAN },
    ]);
    const set = sqlite.prepare('UPDATE commands SET parameters_json = ? WHERE command_id = ?');
    odd.forEach((text, n) => {
      set.run(text, `c0000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
    });
    expect(statesOf(sqlite)).toEqual({
      ...Object.fromEntries(nodes.map((node) => [node, 'unknown'])),
      'i-text': 'not patched',
    });
  });

  it.each([[['install']], [['INSTALL']], [[' Install ']], ['Install']])('counts %j as Install', (Operation) => {
    expect(statesOf(archiveOf([{ node: 'i-1', parameters: { Operation } }]))).toEqual({});
  });
});
