import type { Library } from '../functions.ts';
import { parseDate, parseTimestamp } from '../timestamp.ts';
import { ArrayList, Failure, Optional, type CelValue, type Opaque } from '../value.ts';
import { parseUrl } from './url.ts';

/** What is wrong with a text; empty if nothing. */
type Validate = (text: string) => readonly string[];

/** A named format. */
class Format implements Opaque {
  readonly opaque = 'kubernetes.NamedFormat';
  readonly name: string;
  readonly validate: Validate;

  constructor(name: string, validate: Validate) {
    this.name = name;
    this.validate = validate;
  }

  equals(other: Opaque): boolean {
    return other instanceof Format && other.name === this.name;
  }
}

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const qualifiedName = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const explained: Readonly<Record<string, string>> = {
  label: `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`,
  subdomain: `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${label}(\\.${label})*')`,
  label1035: `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${label1035}')`,
  labelValue: `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${qualifiedName})?')`,
  name: `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedName}')`,
};

function shaped(pattern: string, max: number, explanation: string | undefined, unit = 'characters'): Validate {
  const expression = new RegExp(`^(?:${pattern})$`);
  return (text) => [
    ...(text.length > max ? [`must be no more than ${max} ${unit}`] : []),
    ...(expression.test(text) ? [] : [explanation ?? 'is not valid']),
  ];
}

const dnsLabel = shaped(label, 63, explained['label']);
const dnsSubdomain = shaped(`${label}(\\.${label})*`, 253, explained['subdomain']);
const dns1035 = shaped(label1035, 63, explained['label1035']);
const namePart = shaped(qualifiedName, 63, explained['name']);

/** A prefix may end in a dash, as something is to follow. */
const prefix =
  (validate: Validate): Validate =>
  (text) =>
    validate(text.replace(/-+$/, 'a'));

const qualified: Validate = (text) => {
  const parts = text.split('/');
  const [before = '', name = before] = parts;
  if (parts.length > 2)
    return [
      `a valid label key ${(explained['name'] ?? '').replace('name part ', '')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const prefixProblems =
    before === '' ? ['prefix part must be non-empty'] : dnsSubdomain(before).map((problem) => `prefix part ${problem}`);
  const nameProblems = [...(name === '' ? ['name part must be non-empty'] : []), ...namePart(name)];
  return [...(parts.length === 2 ? prefixProblems : []), ...nameProblems];
};

const when =
  (isFine: (text: string) => boolean, problem: string): Validate =>
  (text) =>
    isFine(text) ? [] : [problem];

const formats: Readonly<Record<string, Validate>> = {
  dns1123Label: dnsLabel,
  dns1123Subdomain: dnsSubdomain,
  dns1035Label: dns1035,
  dns1123LabelPrefix: prefix(dnsLabel),
  dns1123SubdomainPrefix: prefix(dnsSubdomain),
  dns1035LabelPrefix: prefix(dns1035),
  qualifiedName: qualified,
  labelValue: shaped(`(${qualifiedName})?`, 63, explained['labelValue'], 'bytes'),
  uri: (text) => {
    const url = parseUrl(text);
    return url instanceof Failure ? [url.message] : [];
  },
  uuid: when(
    (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
    'does not match the UUID format',
  ),
  byte: when(
    (text) => /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/.test(text),
    'invalid base64',
  ),
  date: when((text) => parseDate(text) !== undefined, 'invalid date'),
  datetime: when((text) => parseTimestamp(text.toUpperCase()) !== undefined, 'invalid datetime'),
};

const named = (name: string): Format | undefined => {
  const validate = Object.hasOwn(formats, name) ? formats[name] : undefined;
  return validate && new Format(name, validate);
};

function validated(format: CelValue | undefined, text: CelValue | undefined): CelValue {
  const problems = format instanceof Format ? format.validate(typeof text === 'string' ? text : '') : [];
  return new Optional(problems.length === 0 ? undefined : new ArrayList(problems));
}

/** Kubernetes' named formats. */
export const formatLibrary: Library = [
  ['format.named(string): optional<Format>', (name) => new Optional(named(typeof name === 'string' ? name : ''))],
  ...Object.entries(formats).map(([name, validate]): Library[number] => [
    `format.${name}(): Format`,
    () => new Format(name, validate),
  ]),
  ['Format.validate(string): optional<list<string>>', validated],
];
