import type { DebianPackage } from './debian-package.ts';

/** A program that images or the user need: Debian packages, and how to tell that the PATH has the same version. */
export interface Program {
  readonly packages: readonly DebianPackage[];
  /** Its main binary below the package's root. */
  readonly binary: string;
  /** Arguments that make it print its version, and what the output must contain to be exactly this one. */
  readonly versionArgs: readonly string[];
  readonly versionText: string;
}

function etcd(
  upstream: string,
  suite: string,
  version: string,
  checksums: { readonly server: string; readonly client: string },
): Program {
  const debian = (name: string, sha256: string): DebianPackage => ({
    name,
    upstream,
    suite,
    pinned: { amd64: { version, path: `pool/main/e/etcd/${name}_${version}_amd64.deb`, sha256 } },
  });
  return {
    packages: [debian('etcd-server', checksums.server), debian('etcd-client', checksums.client)],
    binary: 'usr/bin/etcd',
    versionArgs: ['--version'],
    versionText: `etcd Version: ${upstream}\n`,
  };
}

/** By upstream version. */
export const etcdPrograms: Readonly<Record<string, Program>> = {
  '3.4.23': etcd('3.4.23', 'bookworm', '3.4.23-4+b4', {
    server: '3a9445d4560ad6de1c375756b2a17d97713df44cbd20a658c871fe108af7ef5d',
    client: 'db3a484d5d924b50bf71f459ee544ecd7b11c25dc2f6becc0c50352d67299cc8',
  }),
  '3.5.16': etcd('3.5.16', 'trixie', '3.5.16-4', {
    server: '0875921bb0d023f2af9b8e15cdfbe417a03e65731345fb832c40f9c2dd72967b',
    client: '7eb67e305ba2ce523a5a0b29bf88750ded3f724769c7111a83382b7909f9977b',
  }),
  '3.5.30': etcd('3.5.30', 'sid', '3.5.30-2', {
    server: '11a4f7e350c5020b83edff5160a6063d4e56ac9cd014d21ce8916378bf96de79',
    client: '1e66ad2aba4cba6842a1ac35d5c525e750102b8fb42748225bcb2e34d6595931',
  }),
};

/** The kubectl that matches the Kubernetes version of the local cluster's API. */
export const kubectlProgram: Program = {
  packages: [
    {
      name: 'kubectl',
      upstream: '1.36.4',
      suite: 'sid',
      pinned: {
        amd64: {
          version: '1.36.4+ds-1',
          path: 'pool/main/k/kubernetes/kubectl_1.36.4+ds-1_amd64.deb',
          sha256: '407dad9ec755a64ef8c96dd2f5c0c093f9d334193c91cc0ce8424928cd5734d3',
        },
      },
    },
  ],
  binary: 'usr/bin/kubectl',
  versionArgs: ['version', '--client'],
  versionText: 'Client Version: v1.36.',
};

/** References by which etcd's own images are named; the tag is the version with a `v`. */
export const ETCD_REPOSITORIES: readonly string[] = ['quay.io/coreos/etcd', 'gcr.io/etcd-development/etcd'];

/** Programs of this checkout that run as images: reference, and the file that Node starts. */
export const ownImages: Readonly<Record<string, string>> = {
  'reeve/etcd-operator:0.1.0': 'operators/etcd/src/main.ts',
};
