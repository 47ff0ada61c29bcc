/** What is wrong with a text, in Kubernetes' words; empty if nothing is. */
export type TextRule = (text: string) => readonly string[];

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;

interface Shape {
  readonly pattern: string;
  readonly text: string;
  readonly examples: readonly string[];
}

/** A rule that a text has a shape, told as `text (e.g. 'a',  or 'b', regex used for validation is '…')`. */
function shaped({ pattern, text, examples }: Shape): TextRule {
  const expression = new RegExp(`^${pattern}$`, 's');
  const message = `${text} (${examples.length === 0 ? '' : `e.g. ${examples.map((example) => `'${example}', `).join(' or ')}`}regex used for validation is '${pattern}')`;
  return (value) => (expression.test(value) ? [] : [message]);
}

const byteLength = (text: string): number => Buffer.byteLength(text);

function noLonger(length: number, unit: string, rule: TextRule): TextRule {
  const message = `must be no more than ${length} ${unit}`;
  return (value) => {
    const errors = rule(value);
    return byteLength(value) > length ? [message, ...errors] : errors;
  };
}

const subdomainShape = shaped({
  pattern: subdomain,
  text: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  examples: ['example.com'],
});
const labelShape = shaped({
  pattern: label,
  text: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ['my-name', '123-abc'],
});

/** `a.b-c`, at most 253 characters. */
export const dnsSubdomain: TextRule = noLonger(253, 'characters', subdomainShape);

/** `b-c`, at most 63 characters. */
export const dnsLabel: TextRule = noLonger(63, 'characters', (value) => {
  const errors = labelShape(value);
  return errors.length > 0 && subdomainShape(value).length === 0 ? ['must not contain dots'] : errors;
});

/** A label that starts with a letter. */
export const dns1035Label: TextRule = noLonger(
  63,
  'characters',
  shaped({
    pattern: '[a-z]([-a-z0-9]*[a-z0-9])?',
    text: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    examples: ['my-name', 'abc-123'],
  }),
);

/** `*.a.b`. */
export const wildcardSubdomain: TextRule = noLonger(
  253,
  'characters',
  shaped({
    pattern: `\\*\\.${subdomain}`,
    text: "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    examples: ['*.example.com'],
  }),
);

/** A search domain, which may hold underscores. */
export const underscoredSubdomain: TextRule = noLonger(
  253,
  'characters',
  shaped({
    pattern: '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*',
    text: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
    examples: ['example.com'],
  }),
);

/** The rule for names whose last part the server makes up: a dash at the end is fine. */
export function asPrefix(rule: TextRule): TextRule {
  return (text) => rule(text.length > 1 && text.endsWith('-') ? `${text.slice(0, -2)}a` : text);
}

/** What may be one segment of a URL's path. */
export const pathSegment: TextRule = (name) => {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return pathSegmentPrefix(name);
};

/** The same for the beginning of a name. */
export const pathSegmentPrefix: TextRule = (name) =>
  ['/', '%'].filter((character) => name.includes(character)).map((character) => `may not contain '${character}'`);

/** An IANA service name, as ports have. */
export const portName: TextRule = (name) => [
  ...(name.length > 15 ? ['must be no more than 15 characters'] : []),
  ...(/^[-a-z0-9]+$/.test(name) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
  ...(/[a-z]/.test(name) ? [] : ['must contain at least one letter (a-z)']),
  ...(name.includes('--') ? ['must not contain consecutive hyphens'] : []),
  ...(/^-|-$/.test(name) ? ['must not begin or end with a hyphen'] : []),
];

const configKeyShape = shaped({
  pattern: '[-._a-zA-Z0-9]+',
  text: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  examples: ['key.name', 'KEY_NAME', 'key-name'],
});

/** A key of a ConfigMap or Secret, which may become a file name. */
export const configKey: TextRule = noLonger(253, 'characters', (key) => [
  ...configKeyShape(key),
  ...(key === '.' ? ["must not be '.'"] : []),
  ...(key === '..' ? ["must not be '..'"] : []),
  ...(key !== '..' && key.startsWith('..') ? ["must not start with '..'"] : []),
]);

/** Anything printable but `=`. */
export const environmentName: TextRule = (name) => [
  ...(name === '' ? ['environment variable name must be non-empty'] : []),
  ...(/^[ -<>-~]*$/.test(name)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]),
];

/** `-A-Za-z0-9`. */
export const headerName: TextRule = shaped({
  pattern: '[-A-Za-z0-9]+',
  text: "a valid HTTP header must consist of alphanumeric characters or '-'",
  examples: ['X-Header-Name'],
});

/** `25%`. */
export const percentage: TextRule = shaped({
  pattern: '[0-9]+%',
  text: "a valid percent string must be a numeric string followed by an ending '%'",
  examples: ['1%', '93%'],
});
