/** Complaints of the YAML reader start with their line. */
const YAML_COMPLAINT = /^line \d+: /;

/** The text of Go's strict decoding error; what the YAML reader complains of comes first, line by line. */
export function strictDecodingText(errors: readonly string[]): string {
  const yaml = errors.filter((error) => YAML_COMPLAINT.test(error));
  const others = errors.filter((error) => !YAML_COMPLAINT.test(error));
  const lines = yaml.length === 0 ? [] : [`yaml: unmarshal errors:\n  ${yaml.join('\n  ')}`];
  return `strict decoding error: ${[...lines, ...others].join(', ')}`;
}
