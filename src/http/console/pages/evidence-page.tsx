import { visibleText } from '../../../lib/visible-text.ts';
import { count } from '../parts/values.tsx';

/** The parameters of a pack, by the API's names, as they were typed. */
export const EVIDENCE_FIELDS = {
  account: 'Account',
  region: 'Region',
  documentName: 'Document',
  instanceId: 'Node',
  instanceName: 'Node name begins with',
  commandId: 'Command',
  status: 'Status',
  requestedAfter: 'Requested from (UTC)',
  requestedBefore: 'Requested before (UTC)',
  q: 'Output contains',
} as const;

export type EvidenceField = keyof typeof EVIDENCE_FIELDS;

export interface EvidenceContent {
  typed: Partial<Record<EvidenceField, string>>;
  faults: Partial<Record<EvidenceField, string>>;
  /** How many invocations it would have; null where counting takes too long, undefined where nothing is asked for yet. */
  invocations: number | null | undefined;
}

const NAMES = Object.keys(EVIDENCE_FIELDS).filter((name): name is EvidenceField => name in EVIDENCE_FIELDS);

function invocationsText(n: number | null): string {
  if (n === null) return 'More invocations than can be counted now';
  return n === 1 ? '1 invocation' : `${count(n)} invocations`;
}

/** `/evidence`: what a pack is to be about. */
export function EvidencePage({ typed, faults, invocations }: EvidenceContent) {
  const isWhole = invocations !== undefined;
  return (
    <>
      <h1>Evidence pack</h1>
      <p>
        A zip that proves what it says without this archive: invocations, every state that was observed of them with its
        proof of inclusion, their outputs, a signed certificate of coverage of the span, and VERIFY.md, which says how
        to check all of it with public tools.
      </p>
      <form class="filters" method="get" action="/evidence" aria-label="What the pack is about">
        {NAMES.map((name) => {
          const fault = faults[name];
          return (
            <label>
              {EVIDENCE_FIELDS[name]}
              <input
                name={name}
                value={typed[name] ?? ''}
                autocomplete="off"
                spellcheck={false}
                aria-invalid={fault === undefined ? undefined : 'true'}
                aria-describedby={fault === undefined ? undefined : `fault-${name}`}
              />
              {fault !== undefined && (
                <span class="fault" id={`fault-${name}`}>
                  {visibleText(fault)}
                </span>
              )}
            </label>
          );
        })}
        <button type="submit" class={isWhole ? undefined : 'main'}>
          Look what is in it
        </button>
      </form>
      {isWhole && (
        <form class="stacked pack" method="get" action="/v1/evidence" aria-label="Make the pack">
          <p>
            <strong>{invocationsText(invocations)}</strong> of the span. The pack is made while you wait: some thousand
            invocations a second.
          </p>
          {NAMES.map((name) => (typed[name] ? <input type="hidden" name={name} value={typed[name]} /> : null))}
          <fieldset>
            <legend>What the commands printed, and comments</legend>
            <label class="choice">
              <input type="radio" name="redact" value="" checked /> are in it
            </label>
            <label class="choice">
              <input type="radio" name="redact" value="Output" /> outputs are redacted; it still proves what is left
            </label>
            <label class="choice">
              <input type="radio" name="redact" value="all" /> all that may be secret is redacted
            </label>
          </fieldset>
          {invocations === 0 && (
            <p class="note">
              Nothing that the archive has is of what is asked for here. A pack of nothing proves an absence only where
              coverage is complete: look at <a href="/coverage">the coverage</a> of the span first, and at what is typed
              above.
            </p>
          )}
          {(invocations === 0 || invocations === null) && (
            <label class="choice">
              <input type="checkbox" name="allowEmpty" value="true" required={invocations === 0} /> make a pack of
              nothing, where nothing is of it
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
