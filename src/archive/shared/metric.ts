/** A figure for a monitoring system, by the names and labels of Prometheus. */
export interface Metric {
  name: string;
  help: string;
  samples: { labels: Record<string, string>; value: number }[];
}
