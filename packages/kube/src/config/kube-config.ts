import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse } from 'yaml';
import { KubeError } from '../kube-error.ts';
import type { ExecConfig } from './exec-credentials.ts';

export interface ClusterEntry {
  readonly server?: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
  readonly extensions?: readonly { readonly name: string; readonly extension: unknown }[];
}

export interface UserEntry {
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: ExecConfig;
  readonly 'auth-provider'?: { readonly name?: string };
  readonly as?: string;
  readonly 'as-uid'?: string;
  readonly 'as-groups'?: readonly string[];
  readonly 'as-user-extra'?: Readonly<Record<string, readonly string[]>>;
}

export interface ContextEntry {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

/** An entry, with the file that it came from: relative paths start there. */
export interface Sourced<T> {
  readonly value: T;
  readonly file: string;
  readonly directory: string;
}

/** One or several kubeconfig files, merged: the first to name something wins. */
export interface KubeConfig {
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, Sourced<ClusterEntry>>;
  readonly users: ReadonlyMap<string, Sourced<UserEntry>>;
  readonly contexts: ReadonlyMap<string, Sourced<ContextEntry>>;
}

type Section = 'clusters' | 'users' | 'contexts';
const fieldOf = { clusters: 'cluster', users: 'user', contexts: 'context' } as const;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseDocument(file: string, text: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : '';
    throw new KubeError('ConfigInvalid', `the kubeconfig ${file} is not YAML: ${why}`, { cause });
  }
  if (document === null || document === undefined) return {};
  if (!isRecord(document)) throw new KubeError('ConfigInvalid', `the kubeconfig ${file} is not a mapping of fields`);
  if (document['kind'] !== undefined && document['kind'] !== 'Config') {
    throw new KubeError(
      'ConfigInvalid',
      `${file} holds a ${String(document['kind'])}, not a kubeconfig (kind: Config)`,
    );
  }
  return document;
}

function entries<T>(document: Record<string, unknown>, section: Section, file: string): [string, Sourced<T>][] {
  const list = document[section] ?? [];
  if (!Array.isArray(list)) throw new KubeError('ConfigInvalid', `the kubeconfig ${file} has no list in ${section}`);
  return list.map((item: unknown, index): [string, Sourced<T>] => {
    const value = isRecord(item) ? (item[fieldOf[section]] ?? {}) : undefined;
    if (!isRecord(item) || typeof item['name'] !== 'string' || !isRecord(value)) {
      const place = `${section}[${index}]`;
      throw new KubeError('ConfigInvalid', `the kubeconfig ${file} needs a name and a ${fieldOf[section]} in ${place}`);
    }
    return [item['name'], { value: value as T, file, directory: dirname(file) }];
  });
}

function firstOf<T>(all: readonly [string, Sourced<T>][]): ReadonlyMap<string, Sourced<T>> {
  return new Map(all.toReversed());
}

/** Parses kubeconfig texts; `file` names each in messages. */
export function parseKubeConfig(sources: readonly { readonly file: string; readonly text: string }[]): KubeConfig {
  const documents = sources.map(({ file, text }) => ({ file, document: parseDocument(file, text) }));
  const collect = <T>(section: Section): ReadonlyMap<string, Sourced<T>> =>
    firstOf(documents.flatMap(({ file, document }) => entries<T>(document, section, file)));
  const current = documents
    .map(({ document }) => document['current-context'])
    .find((name) => typeof name === 'string' && name !== '');
  return {
    files: sources.map(({ file }) => file),
    currentContext: typeof current === 'string' ? current : undefined,
    clusters: collect('clusters'),
    users: collect('users'),
    contexts: collect('contexts'),
  };
}

/** Reads kubeconfig files; those that do not exist are left out. */
export async function readKubeConfig(files: readonly string[]): Promise<KubeConfig> {
  const sources = await Promise.all(
    files.map(async (file) => {
      try {
        return [{ file, text: await readFile(file, 'utf8') }];
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw new KubeError('ConfigInvalid', `cannot read the kubeconfig ${file}`, { cause });
      }
    }),
  );
  return parseKubeConfig(sources.flat());
}
