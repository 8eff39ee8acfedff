import { expect, it } from 'vitest';
import { schedule } from '../../src/ingest/schedule.ts';
import { sleep } from '../../src/lib/time.ts';
import { memoryLog } from '../memory-log.ts';
import { until } from '../until.ts';

it('a scheduled task runs when it is due, never twice at a time, and stopping waits for the run under way', async () => {
  const { log, logged } = memoryLog();
  const triggers: string[] = [];
  let running = 0;
  const turns = schedule({ expression: '* * * * * *', name: 'trial', log }, async (trigger) => {
    triggers.push(trigger);
    running += 1;
    expect(running).toBe(1);
    await sleep(1500);
    running -= 1;
  });
  turns.begin();
  turns.begin();
  expect(triggers).toEqual(['start']);
  await until(() => triggers.length >= 3);
  await turns.stop();
  expect(running).toBe(0);
  const taken = triggers.length;
  await sleep(1200);
  expect(triggers).toHaveLength(taken);
  expect(triggers.slice(1).every((trigger) => trigger === 'schedule')).toBe(true);
  // The scheduler writes to the log, and not to the terminal.
  for (const line of logged) expect(line).toMatchObject({ schedule: 'trial' });
});

it('a scheduled run that became due while the process was blocked begins as soon as it can', async () => {
  const { log } = memoryLog();
  const at: number[] = [];
  // The task becomes due once, in the second after the next: nothing else becomes due while this process is blocked.
  const due = new Date(Date.now() + 2000);
  const expression = `${due.getUTCSeconds()} ${due.getUTCMinutes()} ${due.getUTCHours()} * * *`;
  const turns = schedule({ expression, name: 'trial', log }, async () => {
    at.push(Date.now());
  });
  const heldUpUntil = Date.now() + 5000;
  while (Date.now() < heldUpUntil);
  await until(() => at.length === 1);
  await turns.stop();
});
