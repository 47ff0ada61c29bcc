/** One setting of etcd that users may choose: its flag, and what values it takes. */
export interface OptionFlag {
  readonly flag: string;
  readonly values: 'number' | 'mode' | 'retention';
}

/** The settings that `spec.options` takes. Everything else on etcd's command line belongs to the operator. */
export const optionFlags: Readonly<Record<string, OptionFlag>> = {
  quotaBackendBytes: { flag: 'quota-backend-bytes', values: 'number' },
  autoCompactionMode: { flag: 'auto-compaction-mode', values: 'mode' },
  autoCompactionRetention: { flag: 'auto-compaction-retention', values: 'retention' },
  snapshotCount: { flag: 'snapshot-count', values: 'number' },
  heartbeatInterval: { flag: 'heartbeat-interval', values: 'number' },
  electionTimeout: { flag: 'election-timeout', values: 'number' },
};

const names = Object.keys(optionFlags);
const list = (texts: readonly string[]): string => `[${texts.map((text) => `'${text}'`).join(', ')}]`;
const valueOf = (name: string): string => `self['${name}']`;
const numberOf = (name: string, otherwise: number): string => `('${name}' in self ? ${valueOf(name)} : ${otherwise})`;

// Values have no bounded length here, and the API server counts what a rule could cost at most: no regular expressions.
const valueRules: Readonly<Record<OptionFlag['values'], (name: string) => { rule: string; message: string }>> = {
  number: (name) => ({
    rule: `type(${valueOf(name)}) == int && ${valueOf(name)} > 0`,
    message: `${name} must be a positive whole number`,
  }),
  mode: (name) => ({
    rule: `${valueOf(name)} == 'periodic' || ${valueOf(name)} == 'revision'`,
    message: `${name} must be periodic or revision`,
  }),
  retention: (name) => ({
    rule: `type(${valueOf(name)}) == int ? ${valueOf(name)} >= 0 : duration(${valueOf(name)}) >= duration('0s')`,
    message: `${name} must be a duration such as 30m (periodic), or a whole number of revisions (revision)`,
  }),
};

/** The rules of `spec.options`, in CEL over the map. */
export const optionRules: readonly { readonly rule: string; readonly message: string }[] = [
  {
    rule: `self.all(name, name in ${list(names)})`,
    message: `options may hold ${names.join(', ')}; all other settings of etcd belong to the operator`,
  },
  ...Object.entries(optionFlags).map(([name, { values }]) => {
    const { rule, message } = valueRules[values](name);
    return { rule: `!('${name}' in self) || (${rule})`, message };
  }),
  {
    rule: `${numberOf('electionTimeout', 1000)} >= 5 * ${numberOf('heartbeatInterval', 100)} && ${numberOf('electionTimeout', 1000)} <= 50000`,
    message:
      'electionTimeout (default 1000) must be at least five times heartbeatInterval (default 100) and at most 50000, in milliseconds',
  },
];
