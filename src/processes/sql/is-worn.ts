const MOST_RSS_BYTES = 192 * 1024 * 1024;
const MOST_CPU_MICROSECONDS = 600_000_000;

/**
 * Whether this process has used its share of memory or of processor time. A process keeps the memory that its queries
 * took, and its limits count from its start.
 */
export function isWorn(): boolean {
  return hasWorkedBeyond(MOST_RSS_BYTES);
}

/** Returns the same for a process that takes much memory already when idle, as it does now. */
export function createWear(): () => boolean {
  const mostBytes = process.memoryUsage.rss() + MOST_RSS_BYTES;
  return () => hasWorkedBeyond(mostBytes);
}

function hasWorkedBeyond(mostBytes: number): boolean {
  const { user, system } = process.cpuUsage();
  return process.memoryUsage.rss() > mostBytes || user + system > MOST_CPU_MICROSECONDS;
}
