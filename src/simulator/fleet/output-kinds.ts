import { between, pick } from '../draw.ts';

/** The whole text that a step wrote. */
export interface StepOutput {
  readonly stdout: string;
  readonly stderr: string;
}

export type OutputKind = 'shell' | 'powershell' | 'patch' | 'agent' | 'inventory' | 'package' | 'ansible' | 'odd';

/**
 * Writes an output from a stream of fractions. `host` is the node's name, or a common name if many nodes print the
 * same.
 */
export type OutputWriter = (draw: () => number, host: string) => StepOutput;

const UNITS = [
  'nginx',
  'crond',
  'amazon-ssm-agent',
  'sshd',
  'rsyslog',
  'docker',
  'chronyd',
  'postfix',
  'auditd',
] as const;
const PACKAGES = [
  'openssl',
  'kernel',
  'glibc',
  'curl',
  'libxml2',
  'python3',
  'bind-utils',
  'sudo',
  'vim-minimal',
] as const;
const SERVICES = [
  'Spooler',
  'W32Time',
  'WinRM',
  'AmazonSSMAgent',
  'BITS',
  'wuauserv',
  'TermService',
  'MpsSvc',
] as const;
const LEVELS = ['INFO', 'INFO', 'INFO', 'WARN', 'DEBUG', 'ERROR'] as const;

const shell: OutputWriter = (draw, host) => {
  const kind = draw();
  if (kind < 0.12) return { stdout: `${host}\n`, stderr: '' };
  if (kind < 0.45) {
    const rows = lines(between(3, 9, draw()), () => {
      const used = between(3, 97, draw());
      const size = between(8, 500, draw());
      return `/dev/nvme${between(0, 9, draw())}n1p1  ${size}G  ${Math.round((size * used) / 100)}G  ${used}% /data/${pick(UNITS, draw())}`;
    });
    return { stdout: `Filesystem      Size  Used Use% Mounted on\n${rows}`, stderr: '' };
  }
  const log = lines(between(8, draw() < 0.2 ? 60 : 24, draw()), () => {
    const time = `${two(draw, 23)}:${two(draw, 59)}:${two(draw, 59)}`;
    return `${time} ${host} ${pick(UNITS, draw())}[${between(200, 32_000, draw())}]: ${pick(LEVELS, draw())} request ${Math.floor(draw() * 1e9).toString(16)} done in ${between(1, 900, draw())} ms`;
  });
  return { stdout: log, stderr: kind > 0.9 ? `warning: ${between(1, 40, draw())} units need a reload\n` : '' };
};

const powershell: OutputWriter = (draw, host) => {
  const rows = Array.from({ length: between(8, 28, draw()) }, () => {
    const state = draw() < 0.7 ? 'Running' : 'Stopped';
    return `${state}  ${pick(SERVICES, draw()).padEnd(18)} ${pick(SERVICES, draw())} (${between(400, 9000, draw())})`;
  });
  return { stdout: ['', 'Status   Name               DisplayName', ...rows, host, '', ''].join('\r\n'), stderr: '' };
};

const patch: OutputWriter = (draw, host) => {
  const found = lines(between(8, draw() < 0.4 ? 60 : 24, draw()), () => {
    const name = pick(PACKAGES, draw());
    return `  ${name}.x86_64 ${between(1, 9, draw())}.${between(0, 40, draw())}.${between(0, 12, draw())}-${between(1, 30, draw())}.amzn2 ${draw() < 0.5 ? 'Security' : 'Bugfix'}`;
  });
  const missing = between(0, 40, draw());
  return {
    stdout: `/usr/bin/python3\nUsing python binary: 'python3'\nPatch Baseline payload from region, ${host}\n${found}\nPatch compliance: Installed ${between(100, 900, draw())}, Missing ${missing}, Failed 0, NotApplicable ${between(0, 2000, draw())}\nOperation: Scan, snapshot id ${Math.floor(draw() * 1e9).toString(16)}\n`,
    stderr: missing > 37 ? 'Failed to set locale, defaulting to C\n' : '',
  };
};

const agent: OutputWriter = (draw) => {
  const version = `3.${between(1, 3, draw())}.${between(300, 1900, draw())}.0`;
  if (draw() < 0.6) {
    return {
      stdout: `Updating amazon-ssm-agent from ${version} to latest\nSuccessfully downloaded https://s3.us-east-1.amazonaws.com/amazon-ssm-us-east-1/ssm-agent-manifest.json\namazon-ssm-agent ${version} has already been installed, update skipped\n`,
      stderr: '',
    };
  }
  return {
    stdout: `Updating amazon-ssm-agent from ${version} to latest\nSuccessfully downloaded manifest\nInitiating amazon-ssm-agent update to 3.3.2299.0\namazon-ssm-agent updated successfully to 3.3.2299.0\n`,
    stderr: '',
  };
};

const inventory: OutputWriter = (draw, host) => ({
  stdout:
    draw() < 0.5
      ? ''
      : `Inventory policy has been successfully applied and collected inventory data has been uploaded to SSM (${host}: ${between(90, 900, draw())} items)\n`,
  stderr: '',
});

const packages: OutputWriter = (draw, host) => {
  const version = `1.${between(247_000, 300_060, draw())}.0b${between(300, 900, draw())}`;
  const files = lines(
    between(4, 20, draw()),
    () => `  /opt/aws/amazon-cloudwatch-agent/${pick(UNITS, draw())}/${between(1, 999, draw())}.json ok`,
  );
  return {
    stdout: `Initiating AmazonCloudWatchAgent ${version} install\nPlugin aws:runShellScript ResultStatus Success\ninstall output: Running install.sh on ${host}\n${files}\nSuccessfully installed AmazonCloudWatchAgent ${version}\n`,
    stderr: '',
  };
};

const ansible: OutputWriter = (draw, host) => {
  const tasks = lines(
    between(6, 30, draw()),
    () =>
      `TASK [${pick(UNITS, draw())} : ensure ${pick(PACKAGES, draw())}] ****\n${draw() < 0.8 ? '\u001b[32mok' : '\u001b[33mchanged'}: [${host}]\u001b[0m`,
  );
  return {
    stdout: `PLAY [all] *****\n\n${tasks}\n\nPLAY RECAP ****\n${host} : ok=${between(3, 30, draw())} changed=${between(0, 9, draw())} failed=0\n`,
    stderr: '',
  };
};

/** Outputs that break naive code which shows, exports or stores them. */
const ODD: readonly [StepOutput, ...StepOutput[]] = [
  { stdout: '', stderr: '' },
  { stdout: '\u001b[2J\u001b[1;31mFAIL\u001b[0m\u001b]0;title\u0007\n', stderr: '' },
  { stdout: 'a\r\nb\rc\n\n', stderr: 'd\r\n' },
  { stdout: 'nul\u0000in the middle\u0000', stderr: '' },
  { stdout: '🚀 déployé ✅ 家族 👨‍👩‍👧‍👦\n', stderr: '' },
  { stdout: 'user\u202Egnp.exe\u202C ‏مرحبا\u200F\n', stderr: '' },
  { stdout: '=cmd|\' /C calc\'!A0,+1,-1,@SUM(A1)\n"quoted",\ttab\n', stderr: '' },
  { stdout: '<script>alert(1)</script><img src=x onerror=alert(2)>&amp;\n', stderr: '' },
  { stdout: 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\npassword: hunter2\n', stderr: '' },
  { stdout: '€'.repeat(1200), stderr: '' },
  { stdout: `${'x'.repeat(79)}\n`.repeat(400), stderr: 'e'.repeat(9000) },
  { stdout: '{"level":"info","msg":"日本語\\u0000"}\n', stderr: '\ufeffbom' },
];

const odd: OutputWriter = (draw, host) => {
  const chosen = pick(ODD, draw());
  return draw() < 0.4 ? { stdout: `${host}: ${chosen.stdout}`, stderr: chosen.stderr } : chosen;
};

export const OUTPUT_WRITERS: Readonly<Record<OutputKind, OutputWriter>> = {
  shell,
  powershell,
  patch,
  agent,
  inventory,
  package: packages,
  ansible,
  odd,
};

function lines(count: number, line: () => string): string {
  let text = '';
  for (let index = 0; index < count; index++) text += `${line()}\n`;
  return text;
}

function two(draw: () => number, max: number): string {
  return String(between(0, max, draw())).padStart(2, '0');
}
