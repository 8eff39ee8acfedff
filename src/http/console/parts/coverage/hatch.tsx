import type { BucketCoverage } from '../../../../archive/coverage/coverage-of-buckets.ts';

/** The id of the pattern in the SVG. All charts of a page share it. */
const PATTERN = 'hatch';

/** The words after the number of runs in a part of a chart. */
export const COVERAGE_SAYS: Record<BucketCoverage, string> = {
  collected: '',
  open: '; not over yet',
  partly: '; not completely collected',
  notCollected: '; not collected',
};

/** Whether runs may be missing in this part. */
export function isHatched(state: BucketCoverage | undefined): boolean {
  return state === 'partly' || state === 'notCollected';
}

/** The pattern of lines that marks parts of a chart that are not collected. */
export function HatchPattern() {
  return (
    <svg class="defs" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        <pattern id={PATTERN} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line class="hatch-line" x1="0" y1="0" x2="0" y2="6" stroke-width="3" />
        </pattern>
      </defs>
    </svg>
  );
}

/** A part of a chart that is not completely collected. */
export function Hatched({ x, width, height }: { x: number; width: number; height: number }) {
  return <rect data-hatched x={x} y="0" width={width} height={height} fill={`url(#${PATTERN})`} />;
}

export function HatchedKey() {
  return <span class="key key-hatched">not collected, or only in part</span>;
}
