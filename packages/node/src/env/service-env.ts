import type { Service } from '@reeve/api/core/v1';

/**
 * The variables that name Services: those of the pod's own namespace if it wants them, and always those of the API
 * server, by which in-cluster clients find it (Kubernetes documentation, "Accessing the Service").
 */
export function serviceVariables(
  services: Iterable<Service>,
  namespace: string,
  enableServiceLinks: boolean,
): readonly (readonly [string, string])[] {
  const wanted = [...services].filter(({ metadata }) => {
    const isApi = metadata?.namespace === 'default' && metadata.name === 'kubernetes';
    return isApi || (enableServiceLinks && metadata?.namespace === namespace);
  });
  return wanted.flatMap(variablesOf);
}

function variablesOf({ metadata, spec }: Service): readonly (readonly [string, string])[] {
  const host = spec?.clusterIP;
  const ports = spec?.ports ?? [];
  const [first] = ports;
  if (host === undefined || host === 'None' || host === '' || first === undefined) return [];
  const prefix = screaming(metadata?.name ?? '');
  return [
    [`${prefix}_SERVICE_HOST`, host],
    [`${prefix}_SERVICE_PORT`, String(first.port)],
    ...ports.flatMap(({ name, port }): [string, string][] =>
      name === undefined ? [] : [[`${prefix}_SERVICE_PORT_${screaming(name)}`, String(port)]],
    ),
    [`${prefix}_PORT`, url(first.protocol, host, first.port)],
    ...ports.flatMap(({ protocol = 'TCP', port }): [string, string][] => {
      const link = `${prefix}_PORT_${port}_${protocol}`;
      return [
        [link, url(protocol, host, port)],
        [`${link}_PROTO`, protocol.toLowerCase()],
        [`${link}_PORT`, String(port)],
        [`${link}_ADDR`, host],
      ];
    }),
  ];
}

function url(protocol: string | undefined, host: string, port: number): string {
  return `${(protocol ?? 'TCP').toLowerCase()}://${host}:${port}`;
}

function screaming(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}
