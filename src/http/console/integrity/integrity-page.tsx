import type { ListedTombstone } from '../../../archive/checkpoints/list-tombstones.ts';
import type { MadeCheckpoint } from '../../../archive/checkpoints/make-checkpoint.ts';
import type { Hold } from '../../../archive/holds/list-holds.ts';
import { visibleText } from '../../../lib/text/visible-text.ts';
import { Unsigned } from '../parts/values/unsigned.tsx';
import { count, durationText, Text, Time } from '../parts/values/values.tsx';

interface Verified {
  verdict: 'intact' | 'consistent' | 'not-intact';
  doubts: readonly string[];
  notes: readonly string[];
  completedAt: string;
  durationMs: number;
  leaves: number;
  heldLeaves: number;
  /** How many days are sealed: their rows were not read. */
  sealedDays: number;
  /** The key that signed the newest checkpoint, in the form that auditors get. */
  signedBy: string | null;
}

export interface IntegrityContent {
  verified: Verified | undefined;
  /** A sentence that says why the ledger is no longer signed; undefined if it is signed. */
  unsigned: string | undefined;
  checkpoints: readonly MadeCheckpoint[];
  holds: readonly Hold[];
  /** The newest tombstones of pruning runs. */
  tombstones: readonly ListedTombstone[];
  hasMoreTombstones: boolean;
}

/** `/integrity`: whether anything was changed, what was removed, and what must not be removed. */
export function IntegrityPage({
  verified,
  unsigned,
  checkpoints,
  holds,
  tombstones,
  hasMoreTombstones,
}: IntegrityContent) {
  const [newest] = checkpoints;
  return (
    <>
      <h1>Integrity</h1>
      <h2>Last verification</h2>
      {verified === undefined ? (
        <p class="note">
          None since the server started: the first one starts after five minutes, the others by schedule.{' '}
          <code>ssm-archive verify</code> does it now.
        </p>
      ) : (
        <LastVerification {...verified} />
      )}
      <h2>Checkpoints</h2>
      <Unsigned fault={unsigned} />
      {newest === undefined ? (
        <p class="quiet">None was signed yet: the first pass makes one.</p>
      ) : (
        <>
          <p>
            The newest covers {count(newest.size)} leaves, signed <Time at={newest.madeAt} />. Keep a copy of it
            elsewhere: <a href="/v1/ledger/checkpoint">the signed text</a>.
          </p>
          <pre class="output" tabindex={0}>
            {newest.note}
          </pre>
          {verified?.signedBy && (
            <p>
              Signed by <code>{visibleText(verified.signedBy)}</code>. Give this key to everyone who verifies packs and
              copies of this archive, and send it separately. They use it with <code>ssm-archive verify --key</code>, or{' '}
              <code>verify.keys</code> in their archive.yaml. No pack and no copy can prove by itself who made it.
            </p>
          )}
          <section class="wide" tabindex={0} aria-label="The last checkpoints">
            <table>
              <caption>
                The last of them; <a href="/v1/ledger/checkpoints">all checkpoints</a>, each with its signatures
              </caption>
              <thead>
                <tr>
                  <th scope="col">Signed</th>
                  <th scope="col" class="number">
                    Leaves
                  </th>
                  <th scope="col" class="number">
                    Signatures
                  </th>
                </tr>
              </thead>
              <tbody>
                {checkpoints.map(({ size, madeAt, note }) => (
                  <tr>
                    <td class="when">
                      <Time at={madeAt} />
                    </td>
                    <td class="number">{count(size)}</td>
                    <td class="number">{note.split('\n').filter((line) => line.startsWith('— ')).length}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
      <h2>Holds</h2>
      {holds.length === 0 ? (
        <p class="quiet">Nothing is held: everything may be pruned.</p>
      ) : (
        <ul>
          {holds.map((hold) => (
            <li>
              {hold.id}: <ScopeOf hold={hold} />, by <Text of={hold.placedBy} />, <Time at={hold.placedAt} />:{' '}
              <Text of={hold.reason} />
              {hold.releasedAt !== null && (
                <>
                  {' '}
                  (released <Time at={hold.releasedAt} /> by <Text of={hold.releasedBy} />:{' '}
                  <Text of={hold.releaseReason} />)
                </>
              )}
            </li>
          ))}
        </ul>
      )}
      <h2>What was pruned</h2>
      {tombstones.length === 0 ? (
        <p class="quiet">Nothing was ever removed.</p>
      ) : (
        <ul>
          {tombstones.map(({ leaf, tombstone }) => (
            <li>
              <Time at={tombstone.at} />: {tombstone.what === 'outputs' ? 'the outputs of ' : ''}
              {tombstone.commands > 0
                ? `${count(tombstone.commands)} commands`
                : `${count(tombstone.invocations)} invocations`}
              , by <Text of={tombstone.by} />: <Text of={tombstone.reason} />{' '}
              <a href={`/v1/ledger/proof?leaf=${leaf}`}>tombstone, leaf {leaf}</a>
            </li>
          ))}
        </ul>
      )}
      {hasMoreTombstones && <p>These are the newest. Older ones are leaves of the ledger too.</p>}
    </>
  );
}

function LastVerification({
  verdict,
  doubts,
  notes,
  completedAt,
  durationMs,
  leaves,
  heldLeaves,
  sealedDays,
}: Verified) {
  const figures = (
    <>
      {count(leaves)} leaves, <Time at={completedAt} />, in {durationText(durationMs)}
      {notes.map((note) => (
        <>
          . <Text of={note} />
        </>
      ))}
    </>
  );
  if (verdict === 'intact')
    return (
      <p class="note good">
        <strong>
          Intact{heldLeaves < leaves ? `, up to leaf ${count(heldLeaves)}` : ''}
          {sealedDays > 0 ? ', the lake not read' : ''}
        </strong>
        : {figures}
      </p>
    );
  if (verdict === 'not-intact')
    return (
      <p class="note bad">
        <strong>NOT INTACT: the log says what was changed</strong>: {figures}
      </p>
    );
  return (
    <p class="note">
      <strong>Consistent, signer not checked</strong>: {figures}. <Text of={doubts.join(' ')} /> Name the keys that may
      sign it as <code>verify.keys</code> in archive.yaml; the people who keep the archive know them.
    </p>
  );
}

function ScopeOf({ hold }: { hold: Hold }) {
  const { accountId, region, commandId, instanceId, fromAt, toAt } = hold;
  const parts = [accountId, region, commandId, instanceId].filter(Boolean);
  return (
    <>
      <Text of={parts.join(' ') || 'everything'} />
      {fromAt !== null && (
        <>
          {' '}
          from <Time at={fromAt} />
        </>
      )}
      {toAt !== null && (
        <>
          {' '}
          to <Time at={toAt} />
        </>
      )}
    </>
  );
}
