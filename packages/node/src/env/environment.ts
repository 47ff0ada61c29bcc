import type { Container, EnvFromSource, EnvVar, Service } from '@reeve/api/core/v1';

import type { ObjectSource } from '../cache/object-source.ts';
import { NodeError } from '../node-error.ts';
import { expandVariables } from './expand.ts';
import { fieldValue } from './field-ref.ts';
import type { PodFacts } from './field-ref.ts';
import { containerNamed, resourceValue } from './resource-field.ts';
import type { NodeCapacity } from './resource-field.ts';
import { serviceVariables } from './service-env.ts';

/** Everything that a container's variables are made of. */
export interface EnvironmentInput extends PodFacts {
  readonly container: Container;
  readonly imageEnv: Readonly<Record<string, string>>;
  readonly hostname: string;
  readonly services: Iterable<Service>;
  readonly objects: ObjectSource;
  readonly capacity: NodeCapacity;
}

/** The variables of a container: the image's, HOSTNAME, Services, `envFrom`, `env`; a later one replaces an earlier one. */
export async function buildEnvironment(input: EnvironmentInput): Promise<ReadonlyMap<string, string>> {
  const { container, imageEnv, hostname, services, pod } = input;
  const namespace = pod.metadata?.namespace ?? '';
  const links = serviceVariables(services, namespace, pod.spec?.enableServiceLinks !== false);
  const variables = new Map<string, string>([...Object.entries(imageEnv), ['HOSTNAME', hostname], ...links]);
  for (const source of container.envFrom ?? []) {
    for (const [name, value] of await fromSource(source, namespace, input.objects)) variables.set(name, value);
  }
  for (const entry of container.env ?? []) {
    const value = await valueOf(entry, input, variables);
    if (value !== undefined) variables.set(entry.name, value);
  }
  return variables;
}

async function fromSource(
  { prefix = '', configMapRef, secretRef }: EnvFromSource,
  namespace: string,
  objects: ObjectSource,
): Promise<readonly (readonly [string, string])[]> {
  const ref = configMapRef ?? secretRef;
  if (ref === undefined) return [];
  const kind = configMapRef === undefined ? 'secret' : 'configmap';
  const data = await dataOf(kind, namespace, ref.name ?? '', objects);
  if (data === undefined) {
    if (ref.optional === true) return [];
    throw missing(kind, ref.name ?? '');
  }
  return Object.entries(data).map(([key, value]) => [`${prefix}${key}`, value]);
}

async function valueOf(
  entry: EnvVar,
  input: EnvironmentInput,
  variables: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const { valueFrom } = entry;
  if (valueFrom === undefined) return expandVariables(entry.value ?? '', variables);
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef !== undefined) return fieldValue(fieldRef.fieldPath, input);
  if (resourceFieldRef !== undefined) {
    const { containerName } = resourceFieldRef;
    const container = containerName === undefined ? input.container : containerNamed(input.pod, containerName);
    return resourceValue(resourceFieldRef, container, input.capacity);
  }
  if (configMapKeyRef !== undefined) return keyValue('configmap', configMapKeyRef, input);
  if (secretKeyRef !== undefined) return keyValue('secret', secretKeyRef, input);
  throw new NodeError('InvalidPod', `the source of the variable ${entry.name} is not supported by process nodes`);
}

async function keyValue(
  kind: 'configmap' | 'secret',
  { name = '', key, optional }: { readonly name?: string; readonly key: string; readonly optional?: boolean },
  { pod, objects }: EnvironmentInput,
): Promise<string | undefined> {
  const namespace = pod.metadata?.namespace ?? '';
  const data = await dataOf(kind, namespace, name, objects);
  const value = data?.[key];
  if (value !== undefined || optional === true) return value;
  if (data === undefined) throw missing(kind, name);
  const title = kind === 'secret' ? 'Secret' : 'ConfigMap';
  throw new NodeError('InvalidPod', `couldn't find key ${key} in ${title} ${namespace}/${name}`);
}

async function dataOf(
  kind: 'configmap' | 'secret',
  namespace: string,
  name: string,
  objects: ObjectSource,
): Promise<Readonly<Record<string, string>> | undefined> {
  if (kind === 'configmap') {
    const found = await objects.configMap(namespace, name);
    return found === undefined ? undefined : (found.data ?? {});
  }
  const secret = await objects.secret(namespace, name);
  if (secret === undefined) return undefined;
  const entries = Object.entries(secret.data ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

function missing(kind: 'configmap' | 'secret', name: string): NodeError {
  return new NodeError('InvalidPod', `${kind} "${name}" not found`);
}
