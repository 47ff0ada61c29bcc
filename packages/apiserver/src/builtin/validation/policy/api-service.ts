import { metadataOf } from '../../../value.ts';
import type { ObjectValue } from '../../../value.ts';
import { maybeObject, numberAt, objectAt, textAt } from '../../object-path.ts';
import { portNumber } from '../checks.ts';
import { dns1035Label, dnsSubdomain } from '../names.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

/** The ends of the ranges of priorities; zero is not in them. */
const priorities: Readonly<Record<string, number>> = { groupPriorityMinimum: 20_000, versionPriority: 1000 };

function checkService(problems: Problems, object: ObjectValue): void {
  const spec = objectAt(object, 'spec');
  const [group, version] = [textAt(spec, 'group'), textAt(spec, 'version')];
  const name = textAt(metadataOf(object), 'name');
  const expected = `${version}.${group}`;
  if (name !== expected) {
    const detail = `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(expected)}`;
    problems.invalid('metadata.name', name, detail);
  }
  if (group !== '') problems.text('spec.group', group, dnsSubdomain);
  else if (version !== 'v1') {
    problems.required('spec.group', 'only v1 may have an empty group and it better be legacy kube');
  }
  problems.text('spec.version', version, dns1035Label);
  for (const [field, end] of Object.entries(priorities)) {
    const value = numberAt(spec, field) ?? 0;
    if (value > 0 && value <= end) continue;
    problems.invalid(`spec.${field}`, value, `must be positive and less than ${end}`);
  }
  checkBackend(problems, spec);
}

function checkBackend(problems: Problems, spec: ObjectValue): void {
  const service = maybeObject(spec, 'service');
  const bundle = textAt(spec, 'caBundle');
  const isInsecure = spec['insecureSkipTLSVerify'] === true;
  if (service === undefined) {
    if (bundle !== '')
      problems.invalid('spec.caBundle', `${bundle.length} bytes`, 'local APIServices may not have a caBundle');
    if (isInsecure) {
      const detail = 'local APIServices may not have insecureSkipTLSVerify';
      problems.invalid('spec.insecureSkipTLSVerify', true, detail);
    }
    return;
  }
  for (const field of ['namespace', 'name']) {
    if (textAt(service, field) === '') problems.required(`spec.service.${field}`);
  }
  portNumber(problems, 'spec.service.port', numberAt(service, 'port') ?? 0);
  if (isInsecure && bundle !== '') {
    problems.invalid('spec.insecureSkipTLSVerify', true, 'may not be true if caBundle is present');
  }
}

export const apiServiceValidator: Validator = validator({ create: checkService });
