import type { PlaceCoverage, SourceCoverage } from '../../../archive/coverage/read-coverage.ts';
import { sayShort } from '../../../archive/coverage/read-short.ts';
import type { SoonForgotten } from '../../../archive/coverage/soon-forgotten.ts';
import type { LakeFigures, NextSeal } from '../../../archive/figures/read-lake.ts';
import { AboutToBeLost } from '../parts/coverage/about-to-be-lost.tsx';
import { CoverageCalendar } from '../parts/coverage/coverage-calendar.tsx';
import type { CoverageCell } from '../parts/coverage/coverage-cells.ts';
import { shortInstant } from '../parts/coverage/path-of-coverage.ts';
import { isAllComplete, pathOfCertificate, Verdict } from '../parts/coverage/verdict.tsx';
import { pathOfView } from '../parts/questions/read-view.ts';
import { RangeForm } from '../parts/range/range-form.tsx';
import type { Range } from '../parts/range/read-range.ts';
import { LakeLine } from '../parts/sealed/lake-line.tsx';
import { Text, Time } from '../parts/values/values.tsx';
import { CoverageEdges } from './coverage-edges.tsx';
import { MissingSource } from './missing-source.tsx';

/** The requested span, in ISO times. A start or end that was not given is absent. */
interface Asked {
  from?: string;
  to?: string;
}

export interface CoverageContent {
  nowMs: number;
  range: Range;
  /** The coverage that was found; absent if the span has faults. */
  found?: {
    asked: Asked;
    places: readonly SourceCoverage[];
    soon: readonly SoonForgotten[];
    cells: readonly CoverageCell[];
    /** Nothing after this time can be covered yet. ISO 8601. */
    settledAt: string;
    /** What is in the lake, and which day is sealed next; undefined without a lake. */
    lake: LakeFigures | undefined;
    nextSeal: NextSeal | undefined;
  };
}

/** `/coverage`: which parts of a span are collected completely, by account and region. */
export function CoveragePage({ nowMs, range, found }: CoverageContent) {
  return (
    <>
      <h1>Coverage</h1>
      <p class="quiet">
        A day is complete if all of its time was listed to the end; then no invocation that was requested in it is
        missing. Where collecting began, or began again after a gap, later invocations of commands that were sent before
        may be missing. Each day links to the sweeps that listed it.
      </p>
      <RangeForm range={range} path="/coverage" nowMs={nowMs} />
      {found && <Found {...found} />}
    </>
  );
}

function Found({ asked, places, soon, cells, settledAt, ...lake }: NonNullable<CoverageContent['found']>) {
  return (
    <>
      <Whole asked={asked} places={places} />
      {places.length > 0 && <AboutToBeLost soon={soon} />}
      <LakeLine {...lake} />
      {places.map((place) =>
        place.alias === undefined ? (
          <Place {...{ asked, place, cells, settledAt }} />
        ) : (
          <MissingSource source={place}>
            <CoverageCalendar of={place} cells={cells} settledAt={settledAt} />
          </MissingSource>
        ),
      )}
    </>
  );
}

/** The verdict on all accounts and regions together. The verdicts on each follow below it. */
function Whole({ asked, places }: { asked: Asked; places: readonly SourceCoverage[] }) {
  const isNothing = places.every(({ covered }) => covered.length === 0);
  const incomplete = places.filter(({ isComplete }) => !isComplete).length;
  const of = spanText(asked);
  return (
    <>
      {isNothing && places.length > 0 && <p class="note">Nothing has been collected yet.</p>}
      {places.length === 0 ? (
        <p class="note bad">
          {of === undefined
            ? 'Nothing has been collected yet.'
            : `Not complete: no source is owed for the span ${of}, and nothing of it was ever collected.`}
        </p>
      ) : (
        <p class={`note ${isAllComplete(places) ? 'good' : 'bad'}`}>
          {of === undefined
            ? 'Everything that is owed (the span of each account and region is below)'
            : `The span ${of}`}
          {isAllComplete(places)
            ? ': complete.'
            : `: not complete in ${incomplete} of ${places.length === 1 ? '1 account and region' : `${places.length} accounts and regions`}.`}{' '}
          <a href={pathOfCertificate(asked)}>A signed certificate of all of it</a>
        </p>
      )}
    </>
  );
}

function spanText({ from, to }: Asked): string | undefined {
  if (from !== undefined && to !== undefined) return `${shortInstant(from)} to ${shortInstant(to)} (UTC)`;
  if (from !== undefined) return `from ${shortInstant(from)} (UTC) until now`;
  return to === undefined ? undefined : `before ${shortInstant(to)} (UTC)`;
}

function Place(props: { asked: Asked; place: PlaceCoverage; cells: readonly CoverageCell[]; settledAt: string }) {
  const { asked, place, cells, settledAt } = props;
  const { accountId, region, isComplete, gaps, forgottenCommands, unfinishedCommands } = place;
  const own = { account: accountId, region };
  const short = sayShort(place);
  const inSpan = Object.fromEntries(Object.entries(asked).map(([name, at]) => [name, shortInstant(at)]));
  return (
    <section>
      <h2>
        <Text of={accountId} /> <Text of={region} />
      </h2>
      <p class={`note ${isComplete ? 'good' : 'bad'}`}>
        <Verdict {...place} />
        {unfinishedCommands > 0 &&
          `; ${unfinishedCommands === 1 ? '1 command has' : `${unfinishedCommands} commands have`} not ended`}
        . <a href={pathOfCertificate({ ...own, ...asked })}>A signed certificate</a>,{' '}
        <a href={pathOfView({ ...own, ...inSpan })}>its invocations</a>
      </p>
      <CoverageCalendar of={place} cells={cells} settledAt={settledAt} />
      <CoverageEdges place={place} />
      {gaps.length > 0 && (
        <ul>
          {gaps.map((gap) => (
            <li>
              <Time at={gap.from} /> to <Time at={gap.to} />: <Text of={gap.cause} />
            </li>
          ))}
        </ul>
      )}
      {forgottenCommands.length > 0 && (
        <p>
          {forgottenCommands.length === 1 ? '1 command was' : `${forgottenCommands.length} commands were`} forgotten by
          the service before the archive saw the end.
        </p>
      )}
      {short !== undefined && <p>{short}</p>}
    </section>
  );
}
