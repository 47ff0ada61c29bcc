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
const numeric = names.filter((name) => optionFlags[name]?.values === 'number');
const list = (texts: readonly string[]): string => `[${texts.map((text) => `'${text}'`).join(', ')}]`;
const numberOf = (name: string, otherwise: number): string =>
  `('${name}' in self ? int(string(self['${name}'])) : ${otherwise})`;
const isNumber = (name: string): string =>
  `(!('${name}' in self) || string(self['${name}']).matches('^[1-9][0-9]{0,12}$'))`;

/** The rules of `spec.options`, in CEL over the map. */
export const optionRules: readonly { readonly rule: string; readonly message: string }[] = [
  {
    rule: `self.all(name, name in ${list(names)})`,
    message: `options may hold ${names.join(', ')}; all other settings of etcd belong to the operator`,
  },
  {
    rule: `self.all(name, !(name in ${list(numeric)}) || string(self[name]).matches('^[1-9][0-9]{0,12}$'))`,
    message: `${numeric.join(', ')} must be positive whole numbers (bytes, entries, milliseconds)`,
  },
  {
    rule: `!('autoCompactionMode' in self) || string(self['autoCompactionMode']) in ['periodic', 'revision']`,
    message: 'autoCompactionMode must be periodic or revision',
  },
  {
    rule: `!('autoCompactionRetention' in self) || string(self['autoCompactionRetention']).matches('^[0-9]+[hms]?$')`,
    message: 'autoCompactionRetention must be a duration such as 30m (periodic) or a number of revisions (revision)',
  },
  {
    rule: `!${isNumber('heartbeatInterval')} || !${isNumber('electionTimeout')} || (${numberOf('electionTimeout', 1000)} >= 5 * ${numberOf('heartbeatInterval', 100)} && ${numberOf('electionTimeout', 1000)} <= 50000)`,
    message:
      'electionTimeout (default 1000) must be at least five times heartbeatInterval (default 100) and at most 50000',
  },
];
