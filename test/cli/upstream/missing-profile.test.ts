import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../db/temp-archive.ts';
import { runCli } from '../run-cli.ts';

const REGION = { AWS_REGION: 'eu-west-1' };

function filesIn(folder: string) {
  const paths = { AWS_CONFIG_FILE: join(folder, 'config'), AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') };
  writeFileSync(
    paths.AWS_CONFIG_FILE,
    '[profile production]\nregion = eu-west-1\n[profile based]\nsource_profile = gone\nrole_arn = arn:aws:iam::111122223333:role/r\n',
  );
  writeFileSync(paths.AWS_SHARED_CREDENTIALS_FILE, '[staging]\naws_access_key_id = AKIA\naws_secret_access_key = x\n');
  return paths;
}

describe('a profile that no file has', () => {
  it.each([
    ['ingest', REGION],
    ['ingest', {}],
    ['doctor', REGION],
  ])('is named by %s, with the files that were read and similar names: with %j', async (command, region) => {
    const folder = tempFolder();
    const files = filesIn(folder);
    const { exitCode, stdout, stderr } = await runCli(folder, [command], {
      ...files,
      ...region,
      AWS_PROFILE: 'prodution',
    });
    expect(exitCode).toBe(1);
    const said = stdout + stderr;
    expect(said).toContain(
      `AWS_PROFILE names the profile "prodution", which is not in ${files.AWS_CONFIG_FILE} or ${files.AWS_SHARED_CREDENTIALS_FILE}. Did you mean "production"? Correct AWS_PROFILE, or add the profile: aws configure --profile prodution.`,
    );
    expect(said).not.toMatch(/CredentialsProviderError|Could not|^\s+at /m);
  });

  it('is looked for in ~/.aws if the environment names no files', async () => {
    const folder = tempFolder();
    const home = { AWS_CONFIG_FILE: '', AWS_SHARED_CREDENTIALS_FILE: '', HOME: folder };
    const { stdout } = await runCli(folder, ['ingest'], { ...home, ...REGION, AWS_PROFILE: 'nope' });
    expect(stdout).toContain(`${join(folder, '.aws', 'config')} or ${join(folder, '.aws', 'credentials')}`);
  });

  it('is named if another profile is based on it', async () => {
    const folder = tempFolder();
    const { stdout } = await runCli(folder, ['ingest'], { ...filesIn(folder), ...REGION, AWS_PROFILE: 'based' });
    expect(stdout).toContain('The profile "based" has source_profile = gone, and no profile "gone" is in');
  });
});
