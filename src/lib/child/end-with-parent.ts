import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const WATCH = `const { workerData: parent } = require('node:worker_threads');
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1000);`;
const HEAP_MB = 8;

/**
 * Ends this process within about a second after its parent has ended. A process in the middle of a query handles no
 * event, so a thread checks once a second whether the parent is still the same. The caller passes the parent's process
 * number, because the parent may be gone before this process can ask for that number. Resolves once the thread runs.
 */
export async function endWithParent(parent: number): Promise<void> {
  const limits = { maxOldGenerationSizeMb: HEAP_MB };
  const worker = new Worker(WATCH, { eval: true, execArgv: [], resourceLimits: limits, workerData: parent });
  await once(worker, 'online');
  worker.unref();
}
