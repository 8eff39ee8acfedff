interface Source {
  alias: string;
  region: string;
  outcome: string;
  partsPlanned: number;
  partsEnded: number;
  calls: number;
  rowsSeen: number;
  [counter: string]: unknown;
}

/** Follows a running pass: updates its counters, and reloads the page at its end. */
export function followPass(): void {
  const place = document.querySelector<HTMLElement>('[data-pass]');
  if (!place) return;
  const startedMs = Date.parse(place.dataset.started ?? '');
  const live = place.querySelector('[data-live]');
  const stream = new EventSource(`/v1/ingest/${encodeURIComponent(place.dataset.pass ?? '')}`);
  stream.addEventListener('open', () => {
    if (live) live.textContent = 'This page shows the progress of the pass while it runs.';
  });
  stream.addEventListener('progress', (event: MessageEvent<string>) => {
    const { sources }: { sources: Source[] } = JSON.parse(event.data);
    // A source that began after the page was made has no row yet.
    if (!sources.every((source) => show(place, source))) return location.reload();
    tell(place, sources, Date.now() - startedMs);
  });
  stream.addEventListener('end', () => {
    stream.close();
    location.reload();
  });
  stream.addEventListener('error', () => {
    if (live) live.textContent = 'The server does not answer. Trying again.';
  });
}

function show(place: HTMLElement, source: Source): boolean {
  const row = place.querySelector(`[data-source="${CSS.escape(`${source.alias} ${source.region}`)}"]`);
  if (!row) return false;
  for (const cell of row.querySelectorAll<HTMLElement>('[data-member]')) {
    const value = source[cell.dataset.member ?? ''];
    if (typeof value === 'number') cell.textContent = value.toLocaleString('en-US');
  }
  const parts = row.querySelector('[data-member=parts]');
  if (parts) parts.textContent = `${source.partsEnded} of ${source.partsPlanned} parts`;
  const bar = row.querySelector('progress');
  if (bar) {
    bar.max = Math.max(1, source.partsPlanned);
    bar.value = source.partsEnded;
  }
  return true;
}

function tell(place: HTMLElement, sources: readonly Source[], ms: number): void {
  const seconds = Math.max(1, ms) / 1000;
  const rate = (member: 'rowsSeen' | 'calls') =>
    (sources.reduce((sum, source) => sum + source[member], 0) / seconds).toFixed(1);
  const [took, rates] = [place.querySelector('[data-took]'), place.querySelector('[data-rates]')];
  if (took) took.textContent = `${seconds.toFixed(0)} s`;
  if (rates) rates.textContent = `${rate('rowsSeen')} invocations and ${rate('calls')} calls a second`;
}
