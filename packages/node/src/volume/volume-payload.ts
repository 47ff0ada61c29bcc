import type { DownwardAPIVolumeFile, KeyToPath, Volume, VolumeProjection } from '@reeve/api/core/v1';

import type { ObjectSource } from '../cache/object-source.ts';
import { fieldValue } from '../env/field-ref.ts';
import type { PodFacts } from '../env/field-ref.ts';
import { containerNamed, resourceValue } from '../env/resource-field.ts';
import type { NodeCapacity } from '../env/resource-field.ts';
import { NodeError } from '../node-error.ts';
import type { AccountToken } from './account-tokens.ts';
import type { Payload, PayloadFile } from './payload.ts';

/** What the files of a volume are made from. */
export interface PayloadInput extends PodFacts {
  readonly objects: ObjectSource;
  readonly capacity: NodeCapacity;
  token(audience: string | undefined, expirationSeconds: number | undefined): Promise<AccountToken>;
}

/** A volume's files, and when they must be made anew even if nothing changes. */
export interface BuiltPayload {
  readonly files: Payload;
  readonly renewAt: number | undefined;
}

type Entries = readonly (readonly [string, PayloadFile])[];

interface Part {
  readonly entries: Entries;
  readonly renewAt?: number;
}

const defaultMode = 0o644;

/** The files of a configMap, secret, downwardAPI or projected volume; undefined for every other kind of volume. */
export async function buildPayload(volume: Volume, input: PayloadInput): Promise<BuiltPayload | undefined> {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap !== undefined) {
    return build([await configMapPart(configMap, configMap.defaultMode ?? defaultMode, input)]);
  }
  if (secret !== undefined) {
    const { secretName, ...rest } = secret;
    const source = secretName === undefined ? rest : { ...rest, name: secretName };
    return build([await secretPart(source, secret.defaultMode ?? defaultMode, input)]);
  }
  if (downwardAPI !== undefined) {
    return build([downwardPart(downwardAPI.items, downwardAPI.defaultMode ?? defaultMode, input)]);
  }
  if (projected === undefined) return undefined;
  const mode = projected.defaultMode ?? defaultMode;
  return build(await Promise.all((projected.sources ?? []).map((source) => projectedPart(source, mode, input))));
}

function build(parts: readonly Part[]): BuiltPayload {
  const times = parts.flatMap(({ renewAt }) => (renewAt === undefined ? [] : [renewAt]));
  return {
    files: new Map(parts.flatMap(({ entries }) => entries)),
    renewAt: times.length === 0 ? undefined : Math.min(...times),
  };
}

async function projectedPart(source: VolumeProjection, mode: number, input: PayloadInput): Promise<Part> {
  if (source.configMap !== undefined) return configMapPart(source.configMap, mode, input);
  if (source.secret !== undefined) return secretPart(source.secret, mode, input);
  if (source.downwardAPI !== undefined) return downwardPart(source.downwardAPI.items, mode, input);
  if (source.serviceAccountToken !== undefined) {
    const { path, audience, expirationSeconds } = source.serviceAccountToken;
    const { token, renewAt } = await input.token(audience, expirationSeconds);
    return { entries: [[path, { content: Buffer.from(token), mode: mode & 0o600 }]], renewAt };
  }
  throw new NodeError(
    'InvalidPod',
    `process nodes do not support the projected source ${Object.keys(source).join(', ')}`,
  );
}

interface KeySource {
  readonly name?: string;
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
}

async function configMapPart(source: KeySource, mode: number, { pod, objects }: PayloadInput): Promise<Part> {
  const found = await objects.configMap(pod.metadata?.namespace ?? '', source.name ?? '');
  if (found === undefined) return missing('configmap', source);
  const data = new Map([
    ...Object.entries(found.data ?? {}).map(([key, value]): [string, Buffer] => [key, Buffer.from(value)]),
    ...Object.entries(found.binaryData ?? {}).map(([key, value]): [string, Buffer] => [
      key,
      Buffer.from(value, 'base64'),
    ]),
  ]);
  return { entries: select(data, source, mode, 'config') };
}

async function secretPart(source: KeySource, mode: number, { pod, objects }: PayloadInput): Promise<Part> {
  const found = await objects.secret(pod.metadata?.namespace ?? '', source.name ?? '');
  if (found === undefined) return missing('secret', source);
  const entries = Object.entries(found.data ?? {});
  const data = new Map(entries.map(([key, value]): [string, Buffer] => [key, Buffer.from(value, 'base64')]));
  return { entries: select(data, source, mode, 'secret') };
}

function missing(kind: string, { name = '', optional }: KeySource): Part {
  if (optional === true) return { entries: [] };
  throw new NodeError('InvalidPod', `${kind} "${name}" not found`);
}

function select(
  data: ReadonlyMap<string, Buffer>,
  { items, optional, name = '' }: KeySource,
  mode: number,
  kind: string,
): Entries {
  if (items === undefined || items.length === 0) return [...data].map(([key, content]) => [key, { content, mode }]);
  return items.flatMap((item): Entries => {
    const content = data.get(item.key);
    if (content !== undefined) return [[item.path, { content, mode: item.mode ?? mode }]];
    if (optional === true) return [];
    throw new NodeError('InvalidPod', `references non-existent ${kind} key: ${item.key} (in ${name})`);
  });
}

function downwardPart(files: readonly DownwardAPIVolumeFile[] | undefined, mode: number, input: PayloadInput): Part {
  const entries = (files ?? []).map(({ path, fieldRef, resourceFieldRef, mode: own }): [string, PayloadFile] => {
    const text =
      resourceFieldRef === undefined
        ? fieldValue(fieldRef?.fieldPath ?? '', input)
        : resourceValue(resourceFieldRef, containerNamed(input.pod, resourceFieldRef.containerName), input.capacity);
    return [path, { content: Buffer.from(text), mode: own ?? mode }];
  });
  return { entries };
}
