import type { UnseenValue } from '../../../archive/values/find-never-seen.ts';
import { CoveredLine } from '../parts/coverage/covered-line.tsx';
import { pathOfCoverage } from '../parts/coverage/path-of-coverage.ts';
import type { Covered } from '../parts/coverage/read-covered.ts';
import { FilterFields, MoreFilters } from '../parts/questions/filter-fields.tsx';
import { NeverSeen } from '../parts/questions/never-seen.tsx';
import { NotUnderstood } from '../parts/questions/not-understood.tsx';
import { pathWith } from '../parts/questions/path-without.ts';
import type { View } from '../parts/questions/read-view.ts';
import type { Ambiguous } from '../parts/questions/resolve-ids.ts';
import { count } from '../parts/values/values.tsx';

export interface EvidenceContent {
  /** The page's own address. */
  url: string;
  view: View;
  /**
   * How many invocations the pack would have; null if counting takes too long, undefined if the form is still empty.
   */
  invocations: number | null | undefined;
  /** The first day from which that count is whole; undefined if nothing can be missing. The pack itself is whole. */
  countedFrom?: string | undefined;
  /** Whether the pack would have commands although it has no invocation. */
  hasCommand?: boolean;
  /** How much of the span is covered; absent if the form is still empty. */
  covered?: Covered;
  /** If nothing matches: the values that the archive does not have, and typed texts with which several ids begin. */
  unseen?: readonly UnseenValue[];
  ambiguous?: readonly Ambiguous[];
}

function invocationsText(n: number | null, countedFrom: string | undefined): string {
  if (n !== null && countedFrom !== undefined)
    return `${n === 1 ? '1 invocation' : `${count(n)} invocations`}, and those of days before ${countedFrom}, which are in the lake and not counted here,`;
  if (n === null) return 'Too many invocations to count now';
  return n === 1 ? '1 invocation' : `${count(n)} invocations`;
}

/** `/evidence`: the form to choose what a pack is about. */
export function EvidencePage(content: EvidenceContent) {
  const { url, view, invocations, countedFrom, hasCommand = false, covered, unseen = [], ambiguous = [] } = content;
  const isWhole = invocations !== undefined;
  // Where days of the lake were not counted, the pack may have invocations although none was found.
  const isEmpty = invocations === 0 && !hasCommand && countedFrom === undefined;
  return (
    <>
      <h1>Evidence pack</h1>
      <p>
        A zip that proves its content without this archive: invocations, every state that was observed of them with its
        proof of inclusion, their outputs, what was run with all parameters, a signed certificate of coverage of the
        span, and VERIFY.md, which says how to check everything with public tools.
      </p>
      <form class="filters" method="get" action="/evidence" aria-label="What the pack is about">
        <FilterFields view={view} />
        <button type="submit" class={isWhole ? undefined : 'main'}>
          Show what would be in it
        </button>
        <MoreFilters view={view} />
      </form>
      {view.faults.length > 0 && <NotUnderstood faults={view.faults} url={url} />}
      {isWhole && (
        <form class="stacked pack" method="get" action="/v1/evidence" aria-label="Make the pack">
          <p>
            <strong>{invocationsText(invocations, countedFrom)}</strong> of the span
            {hasCommand && ', and commands that reached no node'}. The pack is made while you wait, at some thousand
            invocations per second.
          </p>
          {covered && <CoveredLine covered={covered} />}
          {isEmpty && (
            <NeverSeen unseen={unseen} ambiguous={ambiguous} pathOf={(filter, value) => pathWith(url, filter, value)} />
          )}
          {Object.entries(view.typed).map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <fieldset>
            <legend>Scripts, outputs, comments, and what else may be secret</legend>
            <label class="choice">
              <input type="radio" name="redact" value="" checked /> are included
            </label>
            <label class="choice">
              <input type="radio" name="redact" value="Output" /> outputs are redacted; the pack still proves the rest
            </label>
            <label class="choice">
              <input type="radio" name="redact" value="Output,Parameters" /> outputs and parameters, which have the
              scripts, are redacted
            </label>
            <label class="choice">
              <input type="radio" name="redact" value="all" /> everything that may be secret is redacted
            </label>
          </fieldset>
          {isEmpty && (
            <p class="note">
              Nothing in the archive matches. An empty pack proves an absence only if coverage is complete: first look
              at <a href={pathOfCoverage(covered?.asked ?? {})}>the coverage</a> of the span, and at what you typed
              above.
            </p>
          )}
          {unseen.some(({ certainty }) => certainty === 'never') && (
            <label class="choice">
              <input type="checkbox" name="allowUnseen" value="true" required /> make the pack even though the archive
              has never seen some of these values; the pack says so
            </label>
          )}
          {(isEmpty || invocations === null || (invocations === 0 && countedFrom !== undefined)) && (
            <label class="choice">
              <input type="checkbox" name="allowEmpty" value="true" required={isEmpty} /> make the pack even though
              nothing matches
            </label>
          )}
          <button class="main" type="submit">
            Make and download it
          </button>
        </form>
      )}
    </>
  );
}
