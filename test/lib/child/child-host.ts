import { startChild } from '../../../src/lib/child/start-child.ts';
import type { TrialProtocol } from './trial-protocol.ts';

// A parent process that a test kills. Its first argument names the child's program. The child hangs if a file is given,
// otherwise it is idle.
const [path = '', begun = '', ...args] = process.argv.slice(2);
const child = startChild<TrialProtocol>({ program: { path, execArgv: [] }, args, isDetached: true });
if (begun !== '') void child.ask('hangs', begun);
setInterval(() => {}, 1000);
