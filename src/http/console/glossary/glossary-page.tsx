import { type GlossaryTerm, OUTCOME_MEANINGS, TERMS_OF_ARCHIVE, TERMS_OF_AWS } from '../../../model/glossary.ts';
import {
  EXPLAINED_STATUSES,
  endOf,
  STATUS_GUIDE,
  titleOfStatus,
  UNKNOWN_STATUS,
} from '../../../model/status-titles.ts';

/** `/glossary`: statuses and words. Each has its own address. The statuses on other pages link here. */
export function GlossaryPage() {
  return (
    <>
      <h1>Glossary</h1>
      <h2 id="statuses">Statuses</h2>
      <p>
        An invocation, each of its steps and its command each have a status, and details that say more. The definitions
        are AWS’s own, in other words than those of its guide. A step has the same statuses as an invocation. The guide:{' '}
        <code class="id">{STATUS_GUIDE}</code>
      </p>
      <section class="wide" tabindex={0} aria-label="Statuses and what they mean">
        <table>
          <thead>
            <tr>
              <th scope="col">Status or details</th>
              <th scope="col">Of an invocation or a step</th>
              <th scope="col">Of a command</th>
              <th scope="col">What follows</th>
            </tr>
          </thead>
          <tbody>
            {EXPLAINED_STATUSES.map((status) => (
              <tr id={status.name}>
                <th scope="row">
                  <span class={`status status-${status.kind}`} title={titleOfStatus(status.name)}>
                    {status.name}
                  </span>
                </th>
                <td>{status.means}.</td>
                <td>{status.ofCommand === undefined ? 'The same.' : `${status.ofCommand}.`}</td>
                <td>{endOf(status)}</td>
              </tr>
            ))}
            <tr id={UNKNOWN_STATUS}>
              <th scope="row">any other, or none</th>
              <td colspan={3}>{titleOfStatus('?')}</td>
            </tr>
          </tbody>
        </table>
      </section>
      <h2 id="outcomes">Outcomes of passes and sweeps</h2>
      <dl>
        {Object.entries(OUTCOME_MEANINGS).map(([name, means]) => (
          <>
            <dt id={`outcome-${name}`}>{name}</dt>
            <dd>{means}</dd>
          </>
        ))}
      </dl>
      <h2>What AWS has</h2>
      <Terms of={TERMS_OF_AWS} />
      <h2>What the archive has</h2>
      <Terms of={TERMS_OF_ARCHIVE} />
    </>
  );
}

function Terms({ of }: { of: readonly GlossaryTerm[] }) {
  return (
    <dl>
      {of.map(({ name, anchor, means }) => (
        <>
          <dt id={anchor}>{name}</dt>
          <dd>{means}</dd>
        </>
      ))}
    </dl>
  );
}
