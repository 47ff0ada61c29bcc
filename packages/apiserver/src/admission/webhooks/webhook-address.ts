import { itemsOf, maybeObject, numberAt, objectAt, textAt, textsAt } from '../../builtin/object-path.ts';
import type { Core } from '../../parts.ts';
import { metadataOf } from '../../value.ts';
import type { ObjectValue } from '../../value.ts';
import { internalError } from '../../status-error.ts';

/** Where a webhook is called. */
export interface WebhookAddress {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Whose certificate is expected. */
  readonly serverName: string;
  /** PEM; without it the system's certificate authorities are trusted. */
  readonly authorities: string | undefined;
}

const securePort = 443;

/** The address in a webhook's clientConfig: of its URL, or of a ready endpoint of its Service. Throws if there is none. */
export function webhookAddress(core: Core, config: ObjectValue): WebhookAddress {
  const bundle = textAt(config, 'caBundle');
  const authorities = bundle === '' ? undefined : Buffer.from(bundle, 'base64').toString('utf8');
  const service = maybeObject(config, 'service');
  if (service === undefined) {
    const url = new URL(textAt(config, 'url'));
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? securePort : Number(url.port);
    return { host, port, path: url.pathname, serverName: host, authorities };
  }
  const [name, namespace] = [textAt(service, 'name'), textAt(service, 'namespace')];
  const { host, port } = endpointOf(core, namespace, name, numberAt(service, 'port') ?? securePort);
  const path = textAt(service, 'path') || '/';
  return { host, port, path, serverName: `${name}.${namespace}.svc`, authorities };
}

function endpointOf(
  { registry, operations }: Core,
  namespace: string,
  name: string,
  port: number,
): { readonly host: string; readonly port: number } {
  const services = registry.find('', 'v1', 'services');
  const slices = registry.find('discovery.k8s.io', 'v1', 'endpointslices');
  const service = services && operations.find(services, namespace, name);
  if (service === undefined || slices === undefined) throw internalError(`service "${name}" not found`);
  const ports = itemsOf(objectAt(service, 'spec'), 'ports');
  const wanted = ports.find((candidate) => numberAt(candidate, 'port') === port);
  if (wanted === undefined) throw internalError(`service "${name}" has no port ${port}`);
  const own = operations
    .list(slices, namespace)
    .filter((slice) => objectAt(metadataOf(slice), 'labels')['kubernetes.io/service-name'] === name);
  for (const slice of own) {
    const target = itemsOf(slice, 'ports').find((candidate) => textAt(candidate, 'name') === textAt(wanted, 'name'));
    const ready = itemsOf(slice, 'endpoints').find((endpoint) => objectAt(endpoint, 'conditions')['ready'] !== false);
    const [host] = textsAt(ready, 'addresses');
    const targetPort = numberAt(target, 'port');
    if (host !== undefined && targetPort !== undefined) return { host, port: targetPort };
  }
  throw internalError(`no endpoints available for service "${name}"`);
}
