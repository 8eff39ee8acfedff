import { startChild } from '../../../src/lib/child/start-child.ts';
import type { TrialProtocol } from './trial-protocol.ts';

// A parent that is to be killed, of the program that its first argument names: it hangs, or does nothing where no file is named.
const [path = '', begun = '', ...args] = process.argv.slice(2);
const child = startChild<TrialProtocol>({ program: { path, execArgv: [] }, args, isDetached: true });
if (begun !== '') void child.ask('hangs', begun);
setInterval(() => {}, 1000);
