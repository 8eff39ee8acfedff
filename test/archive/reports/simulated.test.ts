import { describe, expect, it } from 'vitest';
import { commandsByPrincipal } from '../../../src/archive/reports/commands-by-principal.ts';
import { coverageGaps } from '../../../src/archive/reports/coverage-gaps.ts';
import { failuresByDocumentAndWeek } from '../../../src/archive/reports/failures-by-document-and-week.ts';
import { firstEverDocuments } from '../../../src/archive/reports/first-ever-documents.ts';
import { nodesNotPatched } from '../../../src/archive/reports/nodes-not-patched.ts';
import { outOfHoursRuns } from '../../../src/archive/reports/out-of-hours-runs.ts';
import { outputChanges } from '../../../src/archive/reports/output-changes.ts';
import { outputOutliers } from '../../../src/archive/reports/output-outliers.ts';
import { secretLookingOutputs } from '../../../src/archive/reports/secret-looking-outputs.ts';
import { slowestSteps } from '../../../src/archive/reports/slowest-steps.ts';
import { statusByNode } from '../../../src/archive/reports/status-by-node.ts';
import { unfinished } from '../../../src/archive/reports/unfinished.ts';
import { whatRan } from '../../../src/archive/reports/what-ran.ts';
import {
  ask,
  groupBy,
  inOrder,
  NOW,
  PLACES,
  type Row,
  type Seen,
  type SeenStep,
  simulatedArchive,
} from './report-trial.ts';

const trial = simulatedArchive();
const DAY_MS = 86_400_000;
/** A gap of an account and region in which no listing failed. */
const LISTED = { last_error: null, state: 'gap', missing_source: null };
const ago = (days: number) => new Date(NOW.getTime() - days * DAY_MS).toISOString();
const FINAL = ['Success', 'Failed', 'TimedOut', 'Cancelled'];
const PATCHING = ['AWS-RunPatchBaseline', 'AWS-RunPatchBaselineAssociation', 'AWS-RunPatchBaselineWithHooks'];

const inSpan = (from: string, to = NOW.toISOString()) =>
  trial.seen.filter(({ requestedAt }) => requestedAt >= from && requestedAt < to);
const nodeOf = ({ accountId, region, instanceId }: Seen) => [accountId, region, instanceId];
const hasStatus = (rows: readonly Seen[], ...statuses: string[]) =>
  rows.filter(({ status }) => statuses.includes(status ?? '')).length;
const percent = (part: number, whole: number) => Math.round((1000 * part) / whole) / 10;
const latestOf = (rows: readonly Seen[]) =>
  rows
    .map(({ requestedAt }) => requestedAt)
    .sort()
    .at(-1) ?? null;

/** The first of a group, which is never empty. */
function firstOf<T>(group: readonly T[]): T {
  const [first] = group;
  if (first === undefined) throw new Error('An empty group.');
  return first;
}

/** Whether a step has run to its end. If the agent skipped the step, the step's output says so. */
const hasRun = ({ finishedAt, output }: SeenStep) =>
  finishedAt > '1970' && !output?.startsWith('Step execution skipped due to ');

/** Steps that have run to their end, each with its invocation. */
function ended(rows: readonly Seen[]): { run: Seen; step: SeenStep }[] {
  return rows.flatMap((run) => run.steps.filter(hasRun).map((step) => ({ run, step })));
}

describe('on a simulated fleet', () => {
  it('what-ran returns what the service lists, in order', () => {
    const answer = (rows: readonly Seen[]) =>
      inOrder(
        rows,
        (r) => r.requestedAt,
        (r) => r.accountId,
        (r) => r.region,
        (r) => r.commandId,
        (r) => r.instanceId,
      ).map((r) => ({
        requested_at: r.requestedAt,
        account_id: r.accountId,
        region: r.region,
        instance_id: r.instanceId,
        instance_name: r.instanceName,
        document_name: r.documentName,
        document_version: r.documentVersion,
        status: r.status,
        status_details: r.statusDetails,
        comment: r.comment,
        command_id: r.commandId,
      }));
    expect(ask(trial.path, whatRan)).toEqual(answer(inSpan(ago(30))));
    expect(trial.seen.length).toBeGreaterThan(2000);
    const [from, to] = [ago(9), ago(2)];
    expect(ask(trial.path, whatRan, { from, to })).toEqual(answer(inSpan(from, to)));
    const document = 'AWS-RunShellScript';
    const account = '444455556666';
    const narrowed = inSpan(ago(30)).filter((r) => r.documentName === document && r.accountId === account);
    expect(ask(trial.path, whatRan, { document, account })).toEqual(answer(narrowed));
    const node = narrowed[0]?.instanceId ?? '';
    const ofNode = narrowed.filter((r) => r.instanceId === node);
    expect(ask(trial.path, whatRan, { document, account, node })).toEqual(answer(ofNode));
  });

  it('failures-by-document-and-week counts by ISO week', () => {
    // A week belongs to the year of its Thursday. Here, weeks are counted by days since a Monday, without a calendar.
    const weekOf = (at: string) => {
      const day = Math.floor(Date.parse(at) / DAY_MS);
      const thursday = new Date((day - ((day + 3) % 7) + 3) * DAY_MS);
      const nth = Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / DAY_MS / 7) + 1;
      return `${thursday.getUTCFullYear()}-W${String(nth).padStart(2, '0')}`;
    };
    const groups = groupBy(trial.seen, (r) => [weekOf(r.requestedAt), r.documentName]).map((rows) => {
      const [failed, timedOut] = [hasStatus(rows, 'Failed'), hasStatus(rows, 'TimedOut')];
      return {
        week: weekOf(firstOf(rows).requestedAt),
        document_name: firstOf(rows).documentName,
        invocations: rows.length,
        failed,
        timed_out: timedOut,
        cancelled: hasStatus(rows, 'Cancelled'),
        failure_percent: percent(failed + timedOut, rows.length),
      };
    });
    const failing = groups.filter((g) => g.failed + g.timed_out > 0);
    const byDocument = inOrder(
      failing,
      (g) => -g.failed - g.timed_out,
      (g) => g.document_name,
    );
    const expected = [...new Set(failing.map(({ week }) => week))]
      .sort()
      .reverse()
      .flatMap((week) => byDocument.filter((g) => g.week === week));
    expect(ask(trial.path, failuresByDocumentAndWeek)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(15);
  });

  it('nodes-not-patched names all nodes that were active in the span, because the simulator’s patching only scans', () => {
    const since = ago(5);
    const expected = groupBy(trial.seen, nodeOf).flatMap((rows) => {
      const patching = rows.filter((r) => PATCHING.includes(r.documentName ?? ''));
      const ran = patching.filter(({ status, steps }) => status === 'Success' && steps.some(hasRun));
      const last = latestOf(rows) ?? '';
      if (last < since) return [];
      return [
        {
          account_id: firstOf(rows).accountId,
          region: firstOf(rows).region,
          instance_id: firstOf(rows).instanceId,
          instance_name: firstOf(rows).instanceName,
          state: 'not patched',
          last_patched_at: null,
          last_scanned_at: latestOf(ran),
          last_unknown_at: null,
          last_attempt_at: latestOf(patching),
          last_seen_at: last,
        },
      ];
    });
    const sorted = inOrder(
      expected,
      (r) => r.account_id,
      (r) => r.region,
      (r) => r.instance_id,
    );
    expect(ask(trial.path, nodesNotPatched, { since })).toEqual(sorted);
    expect(sorted.filter((row) => row.last_scanned_at !== null).length).toBeGreaterThan(20);
  });

  it('output-outliers names the nodes whose last output is rarer than the most common one', () => {
    const outliers = (rows: readonly Seen[]) => {
      const found: Row[] = [];
      for (const steps of groupBy(ended(rows), ({ run, step }) => [run.documentName, step.position, step.name])) {
        const lasts = groupBy(steps, ({ run }) => nodeOf(run)).map((own) =>
          firstOf(
            inOrder(
              own,
              ({ run }) => -Date.parse(run.requestedAt),
              ({ run }) => run.commandId,
            ),
          ),
        );
        const alike = groupBy(lasts, ({ step }) => step.output);
        const most = Math.max(...alike.map((group) => group.length));
        for (const { run, step } of alike.filter((group) => group.length < most).flat()) {
          found.push({
            document_name: run.documentName,
            position: step.position,
            plugin_name: step.name,
            account_id: run.accountId,
            region: run.region,
            instance_id: run.instanceId,
            instance_name: run.instanceName,
            requested_at: run.requestedAt,
            status: step.status,
            response_code: step.code,
            nodes_alike: alike.find((group) => group.some((other) => other.run === run))?.length,
            most_alike: most,
            nodes: lasts.length,
            output: step.output,
            command_id: run.commandId,
          });
        }
      }
      return inOrder(
        found,
        ...['document_name', 'position', 'plugin_name', 'nodes_alike', 'account_id', 'region', 'instance_id'].map(
          (column) => (row: Row) => textOrNumber(row[column]),
        ),
      );
    };
    const all = outliers(inSpan(ago(30)));
    expect(ask(trial.path, outputOutliers)).toEqual(all);
    expect(all.length).toBeGreaterThan(100);
    const command = firstOf(groupBy(inSpan(ago(30)), (r) => r.commandId).sort((a, b) => b.length - a.length));
    const given = { command: firstOf(command).commandId };
    expect(ask(trial.path, outputOutliers, given)).toEqual(outliers(command));
    const document = 'AWS-UpdateSSMAgent';
    const ofDocument = inSpan(ago(30)).filter((r) => r.documentName === document);
    expect(ask(trial.path, outputOutliers, { document })).toEqual(outliers(ofDocument));
  });

  it('slowest-steps returns the steps that took longest from start to end', () => {
    const slow = ended(inSpan(ago(30))).map(({ run, step }) => ({
      duration_ms: Date.parse(step.finishedAt) - Date.parse(step.startedAt),
      document_name: run.documentName,
      plugin_name: step.name,
      account_id: run.accountId,
      region: run.region,
      instance_id: run.instanceId,
      instance_name: run.instanceName,
      started_at: step.startedAt,
      finished_at: step.finishedAt,
      status: step.status,
      response_code: step.code,
      command_id: run.commandId,
      position: step.position,
    }));
    const sorted = inOrder(
      slow,
      (r) => -r.duration_ms,
      (r) => r.account_id,
      (r) => r.region,
      (r) => r.command_id,
      (r) => r.instance_id,
      (r) => r.position,
    );
    expect(ask(trial.path, slowestSteps)).toEqual(sorted.slice(0, 100));
    const ofDocument = sorted.filter((r) => r.document_name === 'Acme-RotateLogs');
    expect(ask(trial.path, slowestSteps, { document: 'Acme-RotateLogs', most: '7' })).toEqual(ofDocument.slice(0, 7));
  });

  it('unfinished returns the invocations that are not final, oldest first', () => {
    const open = trial.seen.filter(({ status }) => !FINAL.includes(status ?? ''));
    expect(open.length).toBeGreaterThan(5);
    const sorted = inOrder(
      open,
      (r) => r.requestedAt,
      (r) => r.accountId,
      (r) => r.region,
      (r) => r.commandId,
      (r) => r.instanceId,
    );
    expect(ask(trial.path, unfinished)).toEqual(
      sorted.map((r) => ({
        requested_at: r.requestedAt,
        age_hours: expect.closeTo((NOW.getTime() - Date.parse(r.requestedAt)) / 3_600_000, 1),
        account_id: r.accountId,
        region: r.region,
        instance_id: r.instanceId,
        instance_name: r.instanceName,
        document_name: r.documentName,
        status: r.status,
        status_details: r.statusDetails,
        changed_at: NOW.toISOString(),
        forgotten_at: null,
        comment: r.comment,
        command_id: r.commandId,
      })),
    );
  });

  it('coverage-gaps returns the time before the service’s thirty days, the edge after it, and the time that has not settled', () => {
    expect(ask(trial.path, coverageGaps, { from: '-26d' })).toEqual([]);
    const found = ask(trial.path, coverageGaps, { from: '-40d', to: 'now' });
    const gaps = PLACES.flatMap(({ accountId, region }) => [
      { account_id: accountId, region, from_at: ago(40), to_at: ago(30), hours: 240, ...LISTED },
      { account_id: accountId, region, from_at: ago(1 / 96), to_at: ago(0), hours: 0.25, ...LISTED },
    ]);
    expect(found.filter(({ state }) => state === 'gap')).toEqual(gaps);
    const edges = PLACES.map(({ accountId, region }) => ({ account_id: accountId, region, from_at: ago(30) }));
    expect(found.filter(({ state }) => state === 'edge')).toMatchObject(edges);
    expect(ask(trial.path, coverageGaps)).toEqual(found.filter(({ state }) => state === 'edge'));
  });

  it('first-ever-documents returns each account’s first command with a document', () => {
    const from = ago(29);
    const commands = groupBy(trial.seen, (r) => [r.accountId, r.region, r.commandId]).map((rows) =>
      firstOf(inOrder(rows, (r) => r.requestedAt)),
    );
    const expected = groupBy(commands, (r) => [r.accountId, r.documentName]).flatMap((sent) => {
      const first = firstOf(
        inOrder(
          sent,
          (r) => r.requestedAt,
          (r) => r.commandId,
        ),
      );
      if (first.requestedAt < from) return [];
      return [
        {
          first_requested_at: first.requestedAt,
          account_id: first.accountId,
          document_name: first.documentName,
          region: first.region,
          comment: first.comment,
          commands: sent.length,
          command_id: first.commandId,
        },
      ];
    });
    const sorted = inOrder(
      expected,
      (r) => -Date.parse(r.first_requested_at),
      (r) => r.account_id,
      (r) => r.document_name,
    );
    expect(ask(trial.path, firstEverDocuments, { from })).toEqual(sorted);
    expect(sorted.length).toBeGreaterThan(2);
  });

  it.each([
    { opens: '7', closes: '19', time_zone: 'UTC', minutes: 0 },
    // Neither time zone changed its clocks in this span.
    { opens: '9', closes: '17', time_zone: 'Pacific/Marquesas', minutes: -570 },
    { opens: '0', closes: '24', time_zone: 'Asia/Kathmandu', minutes: 345 },
  ])('out-of-hours-runs judges by local time: %j', ({ minutes, ...given }) => {
    const judged = inSpan(ago(30)).flatMap((run) => {
      const local = new Date(Date.parse(run.requestedAt) + minutes * 60_000);
      const isWeekend = [0, 6].includes(local.getUTCDay());
      const hour = local.getUTCHours();
      const isOut = isWeekend || hour < Number(given.opens) || hour >= Number(given.closes);
      return isOut ? [{ run, isWeekend, local: local.toISOString().slice(0, 19).replace('T', ' ') }] : [];
    });
    const expected = groupBy(judged, ({ run }) => [run.accountId, run.region, run.commandId]).map((nodes) => ({
      first_requested_at: nodes.map(({ run }) => run.requestedAt).sort()[0] ?? '',
      last_requested_at: latestOf(nodes.map(({ run }) => run)),
      first_local_time: nodes.map(({ local }) => local).sort()[0],
      nodes: nodes.length,
      nodes_on_weekend: nodes.filter(({ isWeekend }) => isWeekend).length,
      account_id: firstOf(nodes).run.accountId,
      region: firstOf(nodes).run.region,
      document_name: firstOf(nodes).run.documentName,
      comment: firstOf(nodes).run.comment,
      command_id: firstOf(nodes).run.commandId,
    }));
    const sorted = inOrder(
      expected,
      (r) => r.first_requested_at,
      (r) => r.account_id,
      (r) => r.region,
      (r) => r.command_id,
    );
    expect(ask(trial.path, outOfHoursRuns, given)).toEqual(sorted);
    expect(sorted.length).toBeGreaterThan(20);
  });

  it('output-changes returns each step that printed another output than before', () => {
    const changes = (rows: readonly Seen[]) => {
      const found: Row[] = [];
      const lines = groupBy(ended(rows), ({ run, step }) => [nodeOf(run), run.documentName, step.position, step.name]);
      for (const line of lines) {
        const runs = inOrder(
          line,
          ({ run }) => run.requestedAt,
          ({ run }) => run.commandId,
        );
        for (const [i, { run, step }] of runs.entries()) {
          const before = runs[i - 1];
          if (!before || before.step.output === step.output) continue;
          found.push({
            account_id: run.accountId,
            region: run.region,
            instance_id: run.instanceId,
            instance_name: run.instanceName,
            document_name: run.documentName,
            position: step.position,
            plugin_name: step.name,
            previous_requested_at: before.run.requestedAt,
            requested_at: run.requestedAt,
            previous_response_code: before.step.code,
            response_code: step.code,
            previous_output: before.step.output,
            output: step.output,
            previous_command_id: before.run.commandId,
            command_id: run.commandId,
          });
        }
      }
      const keys = ['account_id', 'region', 'instance_id', 'document_name', 'position', 'plugin_name', 'requested_at'];
      return inOrder(found, ...[...keys, 'command_id'].map((column) => (row: Row) => textOrNumber(row[column])));
    };
    const all = changes(inSpan(ago(30)));
    expect(ask(trial.path, outputChanges)).toEqual(all);
    expect(all.length).toBeGreaterThan(100);
    const document = 'AWS-UpdateSSMAgent';
    const ofDocument = inSpan(ago(20)).filter((r) => r.documentName === document);
    expect(ask(trial.path, outputChanges, { document, from: ago(20) })).toEqual(changes(ofDocument));
    const node = String(all[0]?.instance_id);
    const ofNode = inSpan(ago(30)).filter((r) => r.instanceId === node);
    expect(ask(trial.path, outputChanges, { node })).toEqual(changes(ofNode));
  });

  it('secret-looking-outputs says where the fleet printed its secrets, but not the secrets', () => {
    const printed = ended(inSpan(ago(30))).flatMap(({ run, step }) =>
      (step.output ?? '').split('\n').flatMap((text, i) => {
        const where = { run, step, line: i + 1 };
        const names = [...text.matchAll(/SECRET_ACCESS_KEY(?==wJalr)|password(?=: hunter2)/g)];
        return names.map(([name]) => ({ ...where, kind: name === 'password' ? 'password' : 'secret', name }));
      }),
    );
    const sorted = inOrder(
      printed,
      ({ run }) => -Date.parse(run.requestedAt),
      ({ run }) => run.accountId,
      ({ run }) => run.region,
      ({ run }) => run.commandId,
      ({ run }) => run.instanceId,
      ({ step }) => step.position,
      ({ line }) => line,
    ).map(({ run, step, line, kind, name }) => ({
      requested_at: run.requestedAt,
      account_id: run.accountId,
      region: run.region,
      instance_id: run.instanceId,
      instance_name: run.instanceName,
      document_name: run.documentName,
      position: step.position,
      plugin_name: step.name,
      kind,
      line,
      shown: `${name}…`,
      command_id: run.commandId,
    }));
    expect(sorted.length).toBeGreaterThan(5);
    expect(ask(trial.path, secretLookingOutputs)).toEqual(sorted);
  });

  it('status-by-node counts each node’s invocations by status, the worst first', () => {
    const answer = (seen: readonly Seen[]) =>
      inOrder(
        groupBy(seen, nodeOf).map((rows) => {
          const final = hasStatus(rows, ...FINAL);
          return {
            account_id: firstOf(rows).accountId,
            region: firstOf(rows).region,
            instance_id: firstOf(rows).instanceId,
            instance_name: firstOf(rows).instanceName,
            invocations: rows.length,
            succeeded: hasStatus(rows, 'Success'),
            failed: hasStatus(rows, 'Failed'),
            timed_out: hasStatus(rows, 'TimedOut'),
            cancelled: hasStatus(rows, 'Cancelled'),
            others: rows.length - final,
            success_percent: final === 0 ? null : percent(hasStatus(rows, 'Success'), final),
            last_requested_at: latestOf(rows),
          };
        }),
        (r) => r.success_percent ?? 101,
        (r) => -r.invocations,
        (r) => r.account_id,
        (r) => r.region,
        (r) => r.instance_id,
      );
    expect(ask(trial.path, statusByNode)).toEqual(answer(inSpan(ago(30))));
    const account = '444455556666';
    const narrowed = inSpan(ago(3)).filter((r) => r.accountId === account);
    expect(ask(trial.path, statusByNode, { account, from: ago(3) })).toEqual(answer(narrowed));
  });

  it('commands-by-principal counts the commands of each principal, and the commands without a known sender', () => {
    const commandOf = (c: { accountId: string; region: string; commandId: string }) =>
      [c.accountId, c.region, c.commandId].join(' ');
    const senders = new Map(trial.senders.map((sender) => [commandOf(sender), sender]));
    const principalOf = (run: Seen) => senders.get(commandOf(run))?.principalArn ?? 'not recorded';
    const answer = (rows: readonly Seen[]) =>
      inOrder(
        groupBy(rows, principalOf).map((runs) => {
          const sender = senders.get(commandOf(firstOf(runs)));
          return {
            principal: principalOf(firstOf(runs)),
            principal_type: sender?.principalType ?? null,
            role_arn: sender?.sessionIssuerArn ?? null,
            commands: new Set(runs.map(commandOf)).size,
            nodes: groupBy(runs, nodeOf).length,
            invocations: runs.length,
            failures: hasStatus(runs, 'Failed', 'TimedOut'),
            first_requested_at: runs.map(({ requestedAt }) => requestedAt).sort()[0],
            last_requested_at: latestOf(runs),
          };
        }),
        (r) => -r.commands,
        (r) => r.principal,
      );
    const all = answer(inSpan(ago(30)));
    expect(ask(trial.path, commandsByPrincipal)).toEqual(all);
    expect(all.length).toBeGreaterThan(5);
    expect(all.map(({ principal }) => principal)).toContain('not recorded');
    const [account, document] = ['111122223333', 'AWS-RunShellScript'];
    const narrowed = inSpan(ago(9)).filter((r) => r.accountId === account && r.documentName === document);
    expect(ask(trial.path, commandsByPrincipal, { account, document, from: ago(9) })).toEqual(answer(narrowed));
  });
});

function textOrNumber(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}
