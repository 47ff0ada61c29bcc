/** Who may import whom among our packages: the table of docs/architecture.md. Tests may import more. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'packages/api': [],
  'packages/kube': ['api'],
  'packages/operator': ['api', 'kube'],
  'packages/stateful': ['api', 'kube', 'operator'],
  'packages/apiserver': ['api'],
  'packages/controllers': ['api', 'kube', 'operator'],
  'packages/node': ['api', 'kube'],
  'packages/cluster': ['api', 'kube', 'operator', 'apiserver', 'controllers', 'node'],
  'packages/testing': ['api', 'kube', 'operator', 'stateful', 'apiserver', 'controllers', 'node', 'cluster'],
  'operators/etcd': ['api', 'kube', 'operator', 'stateful'],
  'apps/cli': ['api', 'kube', 'operator', 'stateful', 'apiserver', 'controllers', 'node', 'cluster', 'etcd-operator'],
};

/** Packages without input, output, clock or chance of their own: they must run in a browser. */
export const PURE: readonly string[] = ['packages/api'];

/** The one file that implements the system's clock and chance. */
export const SYSTEM_CLOCK = 'packages/kube/src/system-clock.ts';
