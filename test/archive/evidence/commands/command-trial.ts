import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { expect } from 'vitest';
import { verifyEvidence } from '../../../../src/archive/evidence/check/verify-evidence.ts';
import { createListedCommandRecorder } from '../../../../src/archive/record/record-listed-commands.ts';
import { createSenderRecorder } from '../../../../src/archive/record/record-senders.ts';
import { observeCommand } from '../../../../src/upstream/replies/observe-command.ts';
import { type Members, rawInvocation, SOURCE } from '../../raw-invocation.ts';
import { resealed } from '../pack-trial.ts';

/** The command of the trial's invocations. */
export const COMMAND_ID = String(rawInvocation().CommandId);
export const EMPTY_ID = '99999999-2222-4333-8444-555555555555';
export const SENT_BY = 'arn:aws:iam::012345678901:user/alice';

export const SCRIPT = ['#!/bin/sh', 'set -e', "\tcat <<'END' > /etc/motd", 'rm -r /srv/cache', 'END'];

/** A command as ListCommands shows it. */
export function rawCommand(members: Members = {}): Members {
  return {
    CommandId: COMMAND_ID,
    DocumentName: 'AWS-RunShellScript',
    DocumentVersion: '$DEFAULT',
    Comment: '',
    ExpiresAfter: 1772364600,
    Parameters: { commands: SCRIPT, workingDirectory: [''] },
    InstanceIds: [],
    Targets: [{ Key: 'tag:Name', Values: ['web', 'db'] }],
    RequestedDateTime: 1772357400,
    Status: 'Success',
    StatusDetails: 'Success',
    OutputS3BucketName: 'a-bucket',
    MaxConcurrency: '50',
    MaxErrors: '10%',
    TargetCount: 7,
    CompletedCount: 7,
    ErrorCount: 0,
    DeliveryTimedOutCount: 0,
    ServiceRole: '',
    NotificationConfig: { NotificationArn: '', NotificationEvents: [], NotificationType: '' },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
    TimeoutSeconds: 3600,
    AlarmConfiguration: { Alarms: [{ Name: 'too-many-errors' }] },
    TriggeredAlarms: [],
    ...members,
  };
}

/** Returns what prepares an archive: it has these commands from ListCommands, seen one minute after the other. */
export function listing(...commands: readonly Members[]) {
  return (sqlite: Database): void => {
    const record = createListedCommandRecorder(sqlite);
    for (const [n, command] of commands.entries())
      record(SOURCE, `2026-03-01T10:1${n}:00.000Z`, [observeCommand(command)]);
  };
}

/** The command of `sentCommand`, and one that found no node. */
export function twoCommands(sqlite: Database): void {
  const empty = { CommandId: EMPTY_ID, StatusDetails: 'NoInstancesInTag', TargetCount: 0, CompletedCount: 0 };
  sentCommand(sqlite);
  listing(rawCommand(empty))(sqlite);
}

/** A command of two states with a sender. */
export function sentCommand(sqlite: Database): void {
  const running = { Status: 'InProgress', StatusDetails: 'InProgress', CompletedCount: 2 };
  listing(rawCommand(running), rawCommand())(sqlite);
  createSenderRecorder(sqlite)([
    {
      ...{ ...SOURCE, commandId: COMMAND_ID, eventId: 'e-1', eventAt: '2026-03-01T09:30:00.000Z' },
      ...{ principalType: 'IAMUser', principalArn: SENT_BY, principalId: null, sessionIssuerArn: null },
      ...{ invokedBy: null, sourceIpAddress: '192.0.2.1', userAgent: 'aws-cli', isMfaAuthenticated: null },
    },
  ]);
}

/** All bytes of an unpacked pack, as one text. */
export function everythingIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

/** Changes a file of an unpacked pack. */
export function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

/** What verify finds once somebody who has the key has sealed a changed pack again. */
export async function faultsOfResealed(folder: string, keyPath: string): Promise<string> {
  const { verdict, faults } = await verifyEvidence(await resealed(folder, keyPath), []);
  expect(verdict).toBe('not-genuine');
  return faults.map(({ what }) => what).join('\n');
}

/** The rows of an NDJSON file of an unpacked pack. */
export function rowsOf(folder: string, name: string): Members[] {
  const lines = readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}
