import { environment } from '../../../cel/environment.ts';
import { dyn } from '../../../cel/type.ts';
import type { ObjectValue } from '../../../value.ts';
import { itemsOf, maybeObject, numberAt, objectAt, textAt } from '../../object-path.ts';
import { positive, requiredOneOf, requiredText } from '../checks.ts';
import { checkImmutable } from '../immutable.ts';
import { dnsLabel, dnsSubdomain } from '../names.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { checkExpression } from '../webhooks/expression.ts';

/** What selectors see: the device, without types. */
const scope = environment({ device: dyn });

function checkSelectors(problems: Problems, path: string, owner: ObjectValue): void {
  for (const [index, selector] of itemsOf(owner, 'selectors').entries()) {
    const expression = maybeObject(selector, 'cel');
    const at = `${path}.selectors[${index}].cel`;
    if (expression === undefined) problems.required(at);
    else checkExpression(problems, `${at}.expression`, textAt(expression, 'expression'), scope, ['bool']);
  }
}

function checkExact(problems: Problems, path: string, request: ObjectValue): void {
  requiredText(dnsSubdomain)(problems, `${path}.deviceClassName`, request['deviceClassName']);
  checkSelectors(problems, path, request);
  const mode = textAt(request, 'allocationMode');
  const count = numberAt(request, 'count') ?? 0;
  if (mode === 'All' && count !== 0) {
    problems.invalid(`${path}.count`, count, "must not be specified when allocationMode is 'All'");
  } else if (mode === 'ExactCount') positive(problems, `${path}.count`, count);
  else requiredOneOf('All', 'ExactCount')(problems, `${path}.allocationMode`, mode);
}

function checkRequest(problems: Problems, path: string, request: ObjectValue): void {
  requiredText(dnsLabel)(problems, `${path}.name`, request['name']);
  const exact = maybeObject(request, 'exactly');
  const choices = itemsOf(request, 'firstAvailable');
  const detail = 'exactly one of `exactly` or `firstAvailable` is required';
  if (exact !== undefined && choices.length > 0) {
    problems.invalid(path, null, `${detail}, but multiple fields are set`);
  } else if (exact === undefined && choices.length === 0) problems.required(path, detail);
  if (exact !== undefined) checkExact(problems, `${path}.exactly`, exact);
  for (const [index, choice] of choices.entries()) checkExact(problems, `${path}.firstAvailable[${index}]`, choice);
}

function checkClaim(problems: Problems, path: string, spec: ObjectValue): void {
  const seen = new Set<string>();
  for (const [index, request] of itemsOf(objectAt(spec, 'devices'), 'requests').entries()) {
    const at = `${path}.devices.requests[${index}]`;
    const name = textAt(request, 'name');
    checkRequest(problems, at, request);
    if (seen.has(name)) problems.duplicate(at, name);
    seen.add(name);
  }
}

export const resourceClaimValidator: Validator = validator({
  create: (problems, claim) => checkClaim(problems, 'spec', objectAt(claim, 'spec')),
  update: (problems, claim, old) => checkImmutable(problems, 'spec', claim, old),
});

export const resourceClaimTemplateValidator: Validator = validator({
  create: (problems, template) => checkClaim(problems, 'spec.spec', objectAt(objectAt(template, 'spec'), 'spec')),
  update: (problems, template, old) => checkImmutable(problems, 'spec', template, old),
});

export const deviceClassValidator: Validator = validator({
  create: (problems, deviceClass) => checkSelectors(problems, 'spec', objectAt(deviceClass, 'spec')),
});

/** Where the devices of a slice are; exactly one of these says it. */
const places: Readonly<Record<string, (value: unknown) => boolean>> = {
  nodeName: (value) => typeof value === 'string' && value !== '',
  nodeSelector: (value) => value !== undefined && value !== null,
  allNodes: (value) => value === true,
  perDeviceNodeSelection: (value) => value === true,
};

function checkSlice(problems: Problems, slice: ObjectValue): void {
  const spec = objectAt(slice, 'spec');
  requiredText(dnsSubdomain)(problems, 'spec.driver', spec['driver']);
  const pool = objectAt(spec, 'pool');
  if (textAt(pool, 'name') === '') problems.required('spec.pool.name');
  else for (const part of textAt(pool, 'name').split('/')) problems.text('spec.pool.name', part, dnsSubdomain);
  const count = numberAt(pool, 'resourceSliceCount') ?? 0;
  if (count <= 0) problems.invalid('spec.pool.resourceSliceCount', count, 'must be greater than zero');
  const found = Object.keys(places).filter((field) => places[field]?.(spec[field]) === true);
  const detail = `exactly one of ${Object.keys(places)
    .map((field) => `\`${field}\``)
    .join(', ')} is required`;
  if (found.length > 1) {
    const shown = `{${found.map((field) => `\`${field}\``).join(', ')}}`;
    problems.invalid('spec', shown, `${detail}, but multiple fields are set`);
  } else if (found.length === 0) problems.required('spec', detail);
  const seen = new Set<string>();
  for (const [index, device] of itemsOf(spec, 'devices').entries()) {
    const path = `spec.devices[${index}]`;
    requiredText(dnsLabel)(problems, `${path}.name`, device['name']);
    const name = textAt(device, 'name');
    if (seen.has(name)) problems.duplicate(`${path}.name`, name);
    seen.add(name);
  }
}

export const resourceSliceValidator: Validator = validator({
  create: checkSlice,
  update: (problems, slice, old) => {
    checkSlice(problems, slice);
    for (const field of ['nodeName', 'driver', 'pool.name']) checkImmutable(problems, `spec.${field}`, slice, old);
  },
});
