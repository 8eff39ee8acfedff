/** A drag shorter than this counts as a click on a bar. */
const LEAST_PX = 6;

/**
 * Lets people select a span by dragging over a chart. The browser then opens the page for that span. People who can't
 * drag use the form above the chart.
 */
export function brushCharts(): void {
  for (const plot of document.querySelectorAll<HTMLElement>('[data-brush]')) brush(plot);
}

function brush(plot: HTMLElement): void {
  const ends: string[] = JSON.parse(plot.dataset.ends ?? '[]');
  const band = document.createElement('div');
  band.className = 'band';
  band.hidden = true;
  plot.append(band);
  let begun: number | undefined;

  const at = (event: PointerEvent) => {
    const { left, width } = plot.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  };
  const draw = (from: number, to: number) => {
    band.style.left = `${Math.min(from, to) * 100}%`;
    band.style.width = `${Math.abs(to - from) * 100}%`;
  };
  const isDrag = (from: number, to: number) => Math.abs(to - from) * plot.clientWidth >= LEAST_PX;
  const end = () => {
    begun = undefined;
    band.hidden = true;
  };

  plot.addEventListener('dragstart', (event) => event.preventDefault());
  plot.addEventListener('pointerdown', (event) => {
    if (event.button === 0) begun = at(event);
  });
  plot.addEventListener('pointermove', (event) => {
    if (begun === undefined) return;
    const now = at(event);
    if (band.hidden && !isDrag(begun, now)) return;
    if (band.hidden) plot.setPointerCapture(event.pointerId);
    band.hidden = false;
    draw(begun, now);
  });
  plot.addEventListener('pointercancel', end);
  plot.addEventListener('pointerup', (event) => {
    const from = begun;
    const wasDrawn = !band.hidden;
    end();
    if (from === undefined || !wasDrawn) return;
    // Cancels the click event after the drag, which would open the bar under the pointer.
    plot.addEventListener('click', (click) => click.preventDefault(), { capture: true, once: true });
    const [first, last] = [Math.min(from, at(event)), Math.max(from, at(event))];
    const count = ends.length - 1;
    const path = new URL(plot.dataset.brush ?? '/', location.href);
    path.searchParams.set('from', ends[Math.min(count - 1, Math.floor(first * count))] ?? '');
    path.searchParams.set('to', ends[Math.max(1, Math.ceil(last * count))] ?? '');
    location.assign(path);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') end();
  });
}
