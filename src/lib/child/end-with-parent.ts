import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const WATCH = `const { workerData: parent } = require('node:worker_threads');
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1000);`;
const HEAP_MB = 8;

/**
 * A process in a query hears nothing, not even that its parent is gone: a thread beside it looks every second. The parent
 * has said its own number: by the time that this process could look, it may be gone. Resolves once the thread is up.
 */
export async function endWithParent(parent: number): Promise<void> {
  const limits = { maxOldGenerationSizeMb: HEAP_MB };
  const worker = new Worker(WATCH, { eval: true, execArgv: [], resourceLimits: limits, workerData: parent });
  await once(worker, 'online');
  worker.unref();
}
