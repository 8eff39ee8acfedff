import { hours } from '../../../archive/coverage/edge.ts';
import type { SourceCoverage } from '../../../archive/coverage/read-coverage.ts';
import { Time } from '../parts/values/values.tsx';

/** Lists the edges, and says why later invocations of earlier commands may be missing in them. */
export function CoverageEdges({ place }: { place: Pick<SourceCoverage, 'edges' | 'spreadMs'> }) {
  if (place.edges.length === 0) return null;
  return (
    <ul>
      {place.edges.map(({ from, to }) => (
        <li>
          <Time at={from} /> to <Time at={to} />: commands sent before <Time at={from} /> may have later invocations
          here that the service no longer showed. It is assumed that none is requested more than {hours(place.spreadMs)}{' '}
          after its command.
        </li>
      ))}
    </ul>
  );
}
