import { between, fraction, mix, pick } from '../draw.ts';

export type Platform = 'Linux' | 'Windows' | 'MacOS';

export interface ManagedNode {
  readonly instanceId: string;
  /** The InstanceName of the node's invocations. Many nodes have no name; theirs is `""`. */
  readonly name: string;
  readonly host: string;
  readonly platform: Platform;
}

const ROLES = ['web', 'api', 'worker', 'batch', 'db', 'cache', 'build', 'bastion', 'sap', 'ci'] as const;
const STAGES = ['prod', 'prod', 'stage', 'dev'] as const;

/** Creates a site's managed nodes, which its key decides: Linux nodes first, then Windows, then a few Macs. */
export function createNodes(siteKey: number, count: number): readonly ManagedNode[] {
  const linux = Math.ceil(count * 0.7);
  const windows = Math.ceil(count * 0.27);
  return Array.from({ length: count }, (_, index) => {
    const key = mix(siteKey, 7_000_000 + index);
    const platform = index < linux ? 'Linux' : index < linux + windows ? 'Windows' : 'MacOS';
    const kind = fraction(key, 1);
    const host = hostName(key, platform, kind > 0.78, index);
    return { instanceId: nodeId(key, kind), name: nodeName(key, host), host, platform };
  });
}

/** Most nodes have ids of 17 digits, some have the short ids from before 2016, and some are hybrid nodes. */
function nodeId(key: number, kind: number): string {
  const digits = [2, 3].map((salt) => mix(key, salt).toString(16).padStart(8, '0')).join('');
  if (kind > 0.78) return `mi-0${digits}`;
  return kind > 0.72 ? `i-${digits.slice(0, 8)}` : `i-0${digits}`;
}

function hostName(key: number, platform: Platform, isHybrid: boolean, index: number): string {
  if (platform === 'Windows') return `EC2AMAZ-${mix(key, 4).toString(36).toUpperCase().padStart(7, 'A').slice(0, 7)}`;
  if (isHybrid) return `srv-${pick(ROLES, fraction(key, 4))}-${index}.corp.example.com`;
  const octets = [16, 8, 0].map((shift) => (mix(key, 4) >>> shift) & 0xff);
  return `ip-10-${octets.join('-')}.internal`;
}

function nodeName(key: number, host: string): string {
  const kind = fraction(key, 5);
  if (kind < 0.25) return '';
  if (kind < 0.45) return host;
  if (kind < 0.47) return `büro-東京-${between(1, 99, fraction(key, 6))}`;
  return `${pick(STAGES, fraction(key, 6))}-${pick(ROLES, fraction(key, 7))}-${between(1, 60, fraction(key, 8))}`;
}
