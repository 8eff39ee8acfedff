import type { BucketCoverage } from '../../../../archive/coverage/coverage-of-buckets.ts';

/** One for all charts of a page: an SVG refers to it by its name. */
const PATTERN = 'hatch';

/** What is said of a part of a chart behind how many ran in it. */
export const COVERAGE_SAYS: Record<BucketCoverage, string> = {
  collected: '',
  open: '; not over yet',
  partly: '; not all of it is collected',
  notCollected: '; not collected',
};

/** Whether runs may be missing in it. */
export function isHatched(state: BucketCoverage | undefined): boolean {
  return state === 'partly' || state === 'notCollected';
}

/** The lines that every chart draws where something is not collected. */
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

/** A part of a chart that is not collected, or not all of it. */
export function Hatched({ x, width, height }: { x: number; width: number; height: number }) {
  return <rect data-hatched x={x} y="0" width={width} height={height} fill={`url(#${PATTERN})`} />;
}

export function HatchedKey() {
  return <span class="key key-hatched">not collected, or not all of it</span>;
}
