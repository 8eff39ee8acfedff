import { constants, setPriority } from 'node:os';
import { z } from 'zod';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';

// The simulator in a separate process, so that its work is not measured as that of another process. Its clock stands
// still, so each listing has the same rows. It answers any message with its address and its counts.
const input = readInput(
  z.object({
    invocations: z.number(),
    accountId: z.string(),
    regions: z.array(z.string()),
    isInBackground: z.boolean(),
    faults: z.record(z.string(), z.number()),
  }),
);
const { invocations, accountId, regions, faults } = input;
if (input.isInBackground) setPriority(constants.priority.PRIORITY_LOW);
const simulator = await startSimulator({
  invocations,
  accounts: [{ accountId, regions }],
  clockRate: 0,
  faults,
});

answerParent(() => ({ url: simulator.url, stats: simulator.stats }), simulator.close);
