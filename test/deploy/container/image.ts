import type { HealthCheck, Instruction } from './dockerfile/parse-dockerfile.ts';

/** The result of a Dockerfile: a root folder, and the settings with which it is run. */
export interface Image {
  /** Folders that overlay each other, the uppermost first. */
  layers: readonly string[];
  env: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  workdir: string;
  user: string;
  volumes: readonly string[];
  ports: readonly number[];
  stopSignal: NodeJS.Signals;
  healthCheck: HealthCheck | undefined;
  entrypoint: readonly string[];
  command: readonly string[];
}

/** An image without the settings that say how it is run. */
export function plainImage(layers: readonly string[]): Image {
  return {
    layers,
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    labels: {},
    workdir: '/',
    user: '0:0',
    volumes: [],
    ports: [],
    stopSignal: 'SIGTERM',
    healthCheck: undefined,
    entrypoint: [],
    command: [],
  };
}

/** The settings from an image's instructions, without its root. No step is performed to get them. */
export function withInstruction(image: Image, instruction: Instruction): Image {
  switch (instruction.kind) {
    case 'env':
      return { ...image, env: { ...image.env, ...instruction.values } };
    case 'label':
      return { ...image, labels: { ...image.labels, ...instruction.values } };
    case 'workdir':
      return { ...image, workdir: instruction.value };
    case 'user':
      return { ...image, user: instruction.value };
    case 'stopsignal':
      return { ...image, stopSignal: instruction.signal };
    case 'expose':
      return { ...image, ports: [...image.ports, instruction.port] };
    case 'volume':
      return { ...image, volumes: [...image.volumes, ...instruction.paths] };
    case 'healthcheck':
      return { ...image, healthCheck: instruction.check };
    case 'entrypoint':
      return { ...image, entrypoint: instruction.command, command: [] };
    case 'cmd':
      return { ...image, command: instruction.command };
    default:
      return image;
  }
}
