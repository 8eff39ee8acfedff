import { describe, expect, test } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../src/lib/time.ts';
import { ACCOUNT, REGION, startTrial, type Trial } from '../archive-trial.ts';

interface Command {
  command_id: string;
  status: string | null;
  counts: string;
}

function commandsOf({ db }: Trial): Command[] {
  return db.sqlite
    .prepare<[], Command>(
      `SELECT command_id, status, target_count || '/' || completed_count || '/' || error_count AS counts
         FROM commands ORDER BY command_id`,
    )
    .all();
}

/** Returns all commands that the service keeps, as it shows them. */
async function truth({ simulator }: Trial): Promise<Command[]> {
  const commands: Command[] = [];
  let token: string | undefined;
  do {
    const reply = await fetch(simulator.url, {
      method: 'POST',
      headers: {
        'x-amz-target': 'AmazonSSM.ListCommands',
        'x-amz-date': '20260331T120000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260331/${REGION}/ssm/aws4_request, SignedHeaders=host, Signature=00`,
      },
      body: JSON.stringify(token === undefined ? {} : { NextToken: token }),
    });
    const listed = (await reply.json()) as { Commands: Record<string, string>[]; NextToken?: string };
    for (const { CommandId = '', Status = null, TargetCount, CompletedCount, ErrorCount } of listed.Commands)
      commands.push({
        command_id: CommandId,
        status: Status,
        counts: `${TargetCount}/${CompletedCount}/${ErrorCount}`,
      });
    token = listed.NextToken;
  } while (token !== undefined);
  return commands.sort((a, b) => (a.command_id < b.command_id ? -1 : 1));
}

describe('a pass over commands', () => {
  test('keeps every command that the service keeps, even one without an invocation', async () => {
    const trial = await startTrial();
    await trial.pass();
    const commands = await truth(trial);
    expect(commands.length).toBeGreaterThan(50);
    expect(commandsOf(trial)).toEqual(commands);
  });

  test('stores the final status of a command that ends days after it was sent', async () => {
    const trial = await startTrial({ longShare: 0.3, rollingShare: 0.3 });
    await trial.pass();
    expect(commandsOf(trial).filter(({ status }) => status === 'InProgress').length).toBeGreaterThan(3);
    for (let days = 0; days < 12; days += 3) {
      trial.simulator.clock.advance(3 * DAY_MS);
      await trial.pass();
    }
    const kept = new Map(commandsOf(trial).map((command) => [command.command_id, command]));
    for (const command of await truth(trial)) expect(kept.get(command.command_id)).toEqual(command);
  });

  test('writes nothing, and lists no single command, if nothing has changed', async () => {
    const trial = await startTrial({ longShare: 0, rollingShare: 0 });
    await trial.pass();
    trial.simulator.clock.advance(HOUR_MS);
    await trial.pass();
    const changed = () => trial.db.sqlite.prepare('SELECT max(changed_at), count(*) FROM commands').raw().get();
    const before = changed();
    const calls = trial.simulator.stats.calls.ListCommands ?? 0;
    await trial.pass();
    expect(changed()).toEqual(before);
    expect(trial.simulator.stats.calls.ListCommands).toBe(calls + 2);
  });

  test('lists commands again from the time at which a listing failed', async () => {
    const trial = await startTrial({ faults: { deniedOperations: ['ListCommands'] } });
    expect((await trial.pass()).outcome).toBe('failed');
    expect(commandsOf(trial).every(({ status }) => status === null)).toBe(true);
    trial.simulator.faults.deniedOperations = [];
    expect((await trial.pass()).outcome).toBe('complete');
    expect(commandsOf(trial)).toEqual(await truth(trial));
  });
});
