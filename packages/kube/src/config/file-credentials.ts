import type { Clock } from '@reeve/api';
import type { Credential, CredentialProvider } from '../connection.ts';
import { cachedFile } from './file-cache.ts';

export interface CredentialFiles {
  readonly token?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Credentials from files that are rotated while we run: bound service account tokens, short-lived certificates. */
export function fileCredentials(files: CredentialFiles, configured: string, clock: Clock): CredentialProvider {
  const entries = Object.entries(files).flatMap(([field, path]: [string, string | undefined]) =>
    path === undefined ? [] : [[field, cachedFile(path, configured, clock)] as const],
  );
  return {
    async current() {
      const read = await Promise.all(entries.map(async ([field, file]) => [field, await file.read()] as const));
      const credential: Credential = Object.fromEntries(read);
      return credential.token === undefined ? credential : { ...credential, token: credential.token.trim() };
    },
    renew() {
      for (const [, file] of entries) file.expire();
    },
  };
}
