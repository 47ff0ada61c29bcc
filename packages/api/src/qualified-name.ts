const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const NAME_SHAPE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_SHAPE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const SUBDOMAIN_SHAPE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

function prefixErrors(prefix: string): string[] {
  if (prefix === '') return ['prefix part must be non-empty'];
  return [
    ...(prefix.length > 253 ? ['prefix part must be no more than 253 bytes'] : []),
    ...(SUBDOMAIN.test(prefix) ? [] : [`prefix part ${SUBDOMAIN_SHAPE}`]),
  ];
}

function nameErrors(name: string): string[] {
  if (name === '') return ['name part must be non-empty', `name part ${NAME_SHAPE}`];
  return [
    ...(name.length > 63 ? ['name part must be no more than 63 bytes'] : []),
    ...(NAME.test(name) ? [] : [`name part ${NAME_SHAPE}`]),
  ];
}

/** What is wrong with a label key (or any `prefix/name`), in Kubernetes' words; empty if nothing is. */
export function qualifiedNameErrors(text: string): readonly string[] {
  const parts = text.split('/');
  const [first = '', second] = parts;
  if (parts.length > 2)
    return [
      `a qualified name ${NAME_SHAPE.replace(/\)$/, '')}) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  return second === undefined ? nameErrors(first) : [...prefixErrors(first), ...nameErrors(second)];
}

/** What is wrong with a label value, in Kubernetes' words; empty if nothing is. */
export function labelValueErrors(text: string): readonly string[] {
  return [...(text.length > 63 ? ['must be no more than 63 bytes'] : []), ...(VALUE.test(text) ? [] : [VALUE_SHAPE])];
}
