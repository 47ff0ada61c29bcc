/**
 * The tag of an image reference; `latest` where it has neither tag nor digest, nothing where it has a digest alone or
 * is no reference at all.
 */
export function imageTag(image: string): string {
  const [name = '', digest] = image.split('@', 2);
  const slash = name.lastIndexOf('/');
  const colon = name.indexOf(':', slash + 1);
  const path = colon < 0 ? name : name.slice(0, colon);
  if (!isReferencePath(path)) return '';
  if (colon >= 0) return name.slice(colon + 1);
  return digest === undefined ? 'latest' : '';
}

const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const domain =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;

function isReferencePath(path: string): boolean {
  const [first = '', ...rest] = path.split('/');
  const hasDomain = rest.length > 0 && (/[.:A-Z]/.test(first) || first === 'localhost');
  if (hasDomain && !domain.test(first)) return false;
  return (hasDomain ? rest : [first, ...rest]).every((part) => component.test(part));
}
