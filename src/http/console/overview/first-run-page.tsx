import type { SoonForgotten } from '../../../archive/coverage/soon-forgotten.ts';
import { AboutToBeLost, isAboutToBeLost } from '../parts/coverage/about-to-be-lost.tsx';
import { Text, Time } from '../parts/values/values.tsx';

export interface LastPass {
  outcome: string;
  startedAt: string;
  finishedAt: string | null;
  sources: readonly { alias: string; region: string; error: string | null }[];
}

/** The page of an empty archive: what to do next, and the failures of the last pass. */
export function FirstRun({ lastPass, soon }: { lastPass: LastPass | undefined; soon: readonly SoonForgotten[] }) {
  const errors = lastPass?.sources.filter(({ error }) => error !== null) ?? [];
  return (
    <>
      <h1>Nothing is collected yet</h1>
      {lastPass === undefined ? (
        <p>The archive is empty, and no pass was made. The server makes one as soon as it starts.</p>
      ) : (
        <p>
          The last pass began <Time at={lastPass.startedAt} />: {lastPass.outcome}.{' '}
          <a href="/collector">Follow it, or start one</a>.
        </p>
      )}
      {errors.map(({ alias, region, error }) => (
        <p class="note bad">
          <Text of={alias} /> <Text of={region} />: <Text of={error} />
        </p>
      ))}
      {isAboutToBeLost(soon) && <AboutToBeLost soon={soon} />}
      <h2>With an AWS account</h2>
      <ol>
        <li>
          Give the server credentials, as the AWS CLI takes them: a profile (<code>AWS_PROFILE</code>), keys, or the
          role of the instance. They need <code>ssm:ListCommandInvocations</code> and <code>ssm:ListCommands</code>,
          nothing more.
        </li>
        <li>
          Name the regions: <code>SSM_ARCHIVE_REGIONS=eu-west-1,us-east-1</code>; or accounts and their roles in{' '}
          <code>archive.yaml</code>.
        </li>
        <li>
          <code>ssm-archive doctor</code> says whether everything is in place, and what is missing.
        </li>
        <li>
          <a href="/collector">Start a pass</a>: it collects the last thirty days, which is all that AWS still has.
        </li>
      </ol>
      <h2>Without one</h2>
      <p>
        <code>ssm-archive demo</code> fills an archive from a synthetic service, and shows it on a port of its own.
      </p>
    </>
  );
}
