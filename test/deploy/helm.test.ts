import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { readConfig } from '../../src/config/read-config.ts';
import { HELM, KUBECONFORM, KUBERNETES, SCHEMAS } from './tools.mjs';

const CHART = 'deploy/helm/ssm-archive';
const [NEWEST = '', ...OLDER] = KUBERNETES;
const VALUES = readdirSync(join(CHART, 'ci')).map((file) => file.replace('-values.yaml', ''));
const MINIMAL = ['--values', valuesOf('minimal')];
const EVERYTHING = ['--values', valuesOf('everything')];

const missing = [HELM, KUBECONFORM, SCHEMAS]
  .filter(({ path }) => !existsSync(path))
  .map(({ name, needs }) => `${name} by ${needs}`);
const needed = `node test/install-tools.mjs installs ${missing.join(', ')}`;
const title = `the Helm chart${missing.length === 0 ? '' : ` (not run: ${needed})`}`;

function valuesOf(name: string): string {
  return join(CHART, 'ci', `${name}-values.yaml`);
}

function helm(command: string[], args: string[], kubernetes = NEWEST) {
  const { status, stdout, stderr } = spawnSync(HELM.path, [...command, CHART, '--kube-version', kubernetes, ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** The objects that Kubernetes would get for these values. */
function render(args: string[], kubernetes = NEWEST): string {
  const { status, stdout, stderr } = helm(['template', 'trial'], args, kubernetes);
  expect(status, stderr).toBe(0);
  return stdout;
}

function conform(objects: string, kubernetes: string) {
  const schemas = `${SCHEMAS.path}/{{ .NormalizedKubernetesVersion }}{{ .StrictSuffix }}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
  const args = [
    '-strict',
    '-kubernetes-version',
    kubernetes,
    '-schema-location',
    schemas,
    '-output',
    'json',
    '-summary',
  ];
  // The Prometheus operator brings its own kind of object.
  return spawnSync(KUBECONFORM.path, [...args, '-skip', 'ServiceMonitor'], { input: objects, encoding: 'utf8' });
}

const probe = z.object({
  httpGet: z.object({ path: z.string(), port: z.string() }),
  periodSeconds: z.number(),
  failureThreshold: z.number(),
});
const named = z.looseObject({ name: z.string() });
const statefulSet = z.object({
  kind: z.literal('StatefulSet'),
  spec: z.object({
    replicas: z.number(),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()), annotations: z.record(z.string(), z.string()) }),
      spec: z.looseObject({
        serviceAccountName: z.string(),
        automountServiceAccountToken: z.boolean(),
        terminationGracePeriodSeconds: z.number(),
        securityContext: z.unknown(),
        volumes: z.array(named),
        containers: z.tuple([
          z.looseObject({
            image: z.string(),
            securityContext: z.unknown(),
            env: z.array(z.object({ name: z.string(), value: z.string() })),
            volumeMounts: z.array(
              z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }),
            ),
            startupProbe: probe,
            livenessProbe: probe,
            readinessProbe: probe,
          }),
        ]),
      }),
    }),
    volumeClaimTemplates: z.array(z.looseObject({ metadata: named })).optional(),
  }),
});

function objectsOf(args: string[]) {
  return parseAllDocuments(render(args)).map((document) => z.looseObject({ kind: z.string() }).parse(document.toJS()));
}

function objectOf(kind: string, args: string[]) {
  const found = objectsOf(args).filter((object) => object.kind === kind);
  expect(found, kind).toHaveLength(1);
  return found[0];
}

function podOf(args: string[]) {
  const { spec } = statefulSet.parse(objectOf('StatefulSet', args));
  const [container] = spec.template.spec.containers;
  const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
  expect(Object.keys(env), 'no variable twice').toHaveLength(container.env.length);
  return { ...spec, pod: spec.template.spec, container, env };
}

describe.skipIf(missing.length > 0 && !process.env.CI)(title, () => {
  it.each(VALUES)('passes "helm lint --strict" with %s values', (name) => {
    const { status, stdout } = helm(['lint'], ['--strict', '--values', valuesOf(name)]);
    expect(status, stdout).toBe(0);
    expect(stdout).not.toMatch(/WARNING|ERROR/);
  });

  it.each(VALUES.flatMap((name) => KUBERNETES.map((kubernetes) => ({ name, kubernetes }))))(
    'makes objects from $name values that kubeconform accepts for Kubernetes $kubernetes',
    ({ name, kubernetes }) => {
      const objects = render(['--values', valuesOf(name)], kubernetes);
      const { status, stdout } = conform(objects, kubernetes);
      expect(status, stdout).toBe(0);
      const { summary } = z
        .object({ summary: z.object({ valid: z.number(), skipped: z.number() }) })
        .parse(JSON.parse(stdout));
      expect(summary.valid + summary.skipped).toBe(parseAllDocuments(objects).length);
    },
  );

  it('is refused by kubeconform with a field that Kubernetes does not know', () => {
    const objects = render(MINIMAL).replace('readOnlyRootFilesystem', 'readonlyRootFilesystem');
    expect(conform(objects, NEWEST)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('readonlyRootFilesystem'),
    });
  });

  it(`has the program's version, and allows no Kubernetes older than ${OLDER.at(-1)}`, () => {
    const chart = parse(readFileSync(join(CHART, 'Chart.yaml'), 'utf8'));
    expect(chart).toMatchObject({ appVersion: packageJson.version, version: packageJson.version });
    expect(helm(['template', 'trial'], MINIMAL, '1.24.0').stderr).toContain('requires kubeVersion');
  });

  it('is refused without an image or a first token, with one sentence for each missing value', () => {
    expect(helm(['template', 'trial'], []).stderr).toContain(
      'Set image.repository: no image of ssm-archive is published.',
    );
    const { stderr } = helm(['template', 'trial'], ['--set', 'image.repository=registry.example.com/ssm-archive']);
    expect(stderr).toContain('Set firstToken.existingSecret: the server starts with a token only.');
  });

  it.each([
    ['replicaCount=2', 'replicaCount'],
    ['persistence.accessModes={ReadWriteMany}', 'accessModes'],
    ['settings.SSM_ARCHIVE_PORT=80', 'SSM_ARCHIVE_PORT'],
    ['settings.SSM_ARCHIVE_READERS=3', 'SSM_ARCHIVE_READERS'],
    ['image.digest=latest', 'digest'],
  ])('refuses %s', (set, field) => {
    const { status, stderr } = helm(['template', 'trial'], [...MINIMAL, '--set', set]);
    expect(status).toBe(1);
    expect(stderr).toContain(field);
  });

  it('has one pod, which has enough time to stop by itself, has no privilege, and can write only to its volume and /tmp', () => {
    const { replicas, pod, container } = podOf(MINIMAL);
    expect(replicas).toBe(1);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(95);
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({
      ...{ runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001 },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      capabilities: { drop: ['ALL'] },
    });
    expect(container.volumeMounts.filter(({ readOnly }) => !readOnly).map(({ mountPath }) => mountPath)).toEqual([
      '/var/lib/ssm-archive',
      '/tmp',
    ]);
    expect(pod).not.toHaveProperty('hostNetwork');
  });

  it('uses only /healthz to decide on restarts, and /readyz to decide on traffic', () => {
    const { container } = podOf(MINIMAL);
    expect(container.livenessProbe.httpGet.path).toBe('/healthz');
    expect(container.startupProbe.httpGet.path).toBe('/healthz');
    expect(container.readinessProbe.httpGet.path).toBe('/readyz');
    expect(container.startupProbe.periodSeconds * container.startupProbe.failureThreshold).toBeGreaterThanOrEqual(600);
  });

  it('gives the program the first token as a file of a secret, and no secret as a value', () => {
    const { env, pod, container } = podOf(EVERYTHING);
    expect(env.SSM_ARCHIVE_TOKEN_FILE).toBe('/run/secrets/ssm-archive/first-token');
    expect(container.volumeMounts).toContainEqual({
      name: 'first-token',
      mountPath: '/run/secrets/ssm-archive',
      readOnly: true,
    });
    expect(pod.volumes.find(({ name }) => name === 'first-token')).toMatchObject({
      secret: { secretName: 'first', items: [{ key: 'secret', path: 'first-token' }] },
    });
    expect(objectsOf(EVERYTHING).map(({ kind }) => kind)).not.toContain('Secret');
    expect(podOf(['--values', valuesOf('bare')]).env).not.toHaveProperty('SSM_ARCHIVE_TOKEN_FILE');
  });

  it('passes archive.yaml on as it was written, including an account that begins with a zero, and restarts when it changes', () => {
    const { data } = z.object({ data: z.record(z.string(), z.string()) }).parse(objectOf('ConfigMap', EVERYTHING));
    const folder = mkdtempSync(join(tmpdir(), 'ssm-archive-helm-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'archive.yaml'), data['archive.yaml'] ?? '');
    const { env, template } = podOf(EVERYTHING);
    expect(env.SSM_ARCHIVE_CONFIG).toBe('/etc/ssm-archive/archive.yaml');
    const settings = { ...env, SSM_ARCHIVE_CONFIG: 'archive.yaml' };
    const { config } = readConfig({ env: settings, cwd: folder, faultOfSchedule: () => undefined });
    expect(config).toMatchObject({ host: '::', port: 8420, trustProxy: true, db: '/var/lib/ssm-archive/archive.db' });
    expect(config.sources).toEqual([
      expect.objectContaining({ accountId: '012345678901', regions: ['eu-west-1', 'us-east-1'] }),
    ]);
    const sum = (pod: typeof template) => pod.metadata.annotations['checksum/config'];
    expect(sum(podOf([...EVERYTHING, '--set-string', 'config=sources: []']).template)).not.toBe(sum(template));
  });

  it('keeps the archive in its own or an existing claim, and never lets a release delete it', () => {
    const own = podOf(MINIMAL);
    expect(own.volumeClaimTemplates?.map(({ metadata }) => metadata.name)).toEqual(['data']);
    expect(objectOf('StatefulSet', MINIMAL)).toMatchObject({
      spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } },
    });
    const other = podOf(['--values', valuesOf('bare')]);
    expect(other.volumeClaimTemplates).toBeUndefined();
    expect(other.pod.volumes).toContainEqual({ name: 'data', persistentVolumeClaim: { claimName: 'old-archive' } });
  });

  it('can give its service account a role of AWS by IRSA, or by Pod Identity through its name', () => {
    expect(objectOf('ServiceAccount', EVERYTHING)).toMatchObject({
      metadata: {
        name: 'audit',
        annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/ssm-archive' },
      },
      automountServiceAccountToken: false,
    });
    expect(podOf(EVERYTHING).pod.serviceAccountName).toBe('audit');
    expect(objectOf('ServiceAccount', MINIMAL)).toMatchObject({ metadata: { name: 'trial-ssm-archive' } });
  });

  it('can be reached only from its namespace, and can reach only DNS, HTTPS and the agent of Pod Identity', () => {
    expect(objectOf('NetworkPolicy', MINIMAL)).toMatchObject({
      spec: {
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 'http', protocol: 'TCP' }] }],
        egress: [
          {
            ports: [
              { port: 53, protocol: 'UDP' },
              { port: 53, protocol: 'TCP' },
            ],
          },
          { ports: [{ port: 443, protocol: 'TCP' }] },
          {
            to: [{ ipBlock: { cidr: '169.254.170.23/32' } }, { ipBlock: { cidr: 'fd00:ec2::23/128' } }],
            ports: [{ port: 80, protocol: 'TCP' }],
          },
        ],
      },
    });
    const nobody = objectOf('NetworkPolicy', [...MINIMAL, '--set', 'networkPolicy.from=null']);
    expect(nobody).toMatchObject({ spec: { ingress: [] } });
    const { egress } = z
      .object({ spec: z.object({ egress: z.array(z.unknown()) }) })
      .parse(objectOf('NetworkPolicy', EVERYTHING)).spec;
    expect(JSON.stringify(egress)).toContain('169.254.169.254/32');
    expect(egress.at(-1)).toMatchObject({ ports: [{ port: 3128 }] });
  });

  it('runs the image of the chart’s version, or the tag or digest that is given', () => {
    expect(podOf(MINIMAL).container.image).toBe(`registry.example.com/ssm-archive:${packageJson.version}`);
    expect(podOf(['--values', valuesOf('bare')]).container.image).toBe('registry.example.com/ssm-archive:0.1.0-1');
    expect(podOf(EVERYTHING).container.image).toMatch(/\/ssm-archive@sha256:0123/);
  });
});
