/** A figure for a monitoring system, with name and labels in the form of Prometheus. */
export interface Metric {
  name: string;
  help: string;
  samples: { labels: Record<string, string>; value: number }[];
}
