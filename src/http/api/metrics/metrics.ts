import type { Metric } from '../../../archive/shared/metric.ts';
import type { ApiApp } from '../api-app.ts';
import { type ApiDeps, readOptions } from '../api-deps.ts';
import { serviceMetrics } from './service-metrics.ts';
import { verificationMetrics } from './verification-metrics.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** `/metrics`: the state of the archive for Prometheus (text format 0.0.4). Like any read, it needs a token. */
export function addMetricsRoute(app: ApiApp, deps: ApiDeps): void {
  const { readers, now, settlingMs, readDeadlineMs, lastVerification, server } = deps;
  app.get('/metrics', async (c) => {
    const read = await readers.read(
      'readMetrics',
      { nowMs: now().getTime(), settlingMs },
      readOptions(c, readDeadlineMs),
    );
    const metrics = [
      ...read,
      ...(server ? serviceMetrics(await server.unreadiness(), server.freeBytes(), server.signing()) : []),
      ...verificationMetrics(lastVerification?.()),
    ];
    return c.body(metrics.map(formatMetric).join(''), 200, { 'content-type': TEXT, 'cache-control': 'no-store' });
  });
}

/** All metrics are gauges: each value may fall as well as rise. */
function formatMetric({ name, help, samples }: Metric): string {
  const lines = samples.map(({ labels, value }) => {
    const given = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}${given.length > 0 ? `{${given.join(',')}}` : ''} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
