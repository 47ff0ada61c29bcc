import { labelValueErrors, qualifiedNameErrors } from '@reeve/api';
import type { ObjectValue } from '../../../value.ts';
import { semanticallyEqual } from '../../equality.ts';
import { deprecatedNodeLabel } from '../../node-labels.ts';
import { itemsOf, mapAt, objectAt, textAt, textsAt } from '../../object-path.ts';
import { oneOf, requiredOneOf } from '../checks.ts';
import { checkImmutable } from '../immutable.ts';
import { labelSelector } from '../label-selector-check.ts';
import { dnsSubdomain } from '../names.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';
import { compareQuantities } from '@reeve/api';

const maxParameters = 512;
const maxParameterSize = 256 * 1024;

function checkProvisioner(problems: Problems, path: string, name: string): void {
  if (name === '') problems.required(path);
  else for (const detail of qualifiedNameErrors(name.toLowerCase())) problems.invalid(path, name.toLowerCase(), detail);
}

function checkParameters(problems: Problems, object: ObjectValue, isNeeded: boolean): void {
  const parameters = Object.entries(mapAt(object, 'parameters'));
  if (parameters.length > maxParameters) return problems.tooLong('parameters', maxParameters);
  if (parameters.some(([key]) => key === '')) problems.invalid('parameters', '', 'field can not be empty.');
  const size = parameters.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (size > maxParameterSize) problems.tooLong('parameters', maxParameterSize);
  if (isNeeded && parameters.length === 0) {
    problems.required('parameters', 'must contain at least one key/value pair');
  }
}

function checkTopologies(problems: Problems, terms: readonly ObjectValue[]): void {
  const seen: ObjectValue[] = [];
  for (const [index, term] of terms.entries()) {
    const path = `allowedTopologies[${index}].matchLabelExpressions`;
    const values: Record<string, string[]> = {};
    for (const [place, expression] of itemsOf(term, 'matchLabelExpressions').entries()) {
      checkExpression(problems, `${path}[${place}]`, expression, values);
    }
    if (seen.some((other) => semanticallyEqual(other, values))) problems.duplicate(path, '');
    seen.push(values);
  }
}

function checkExpression(
  problems: Problems,
  path: string,
  expression: ObjectValue,
  values: Record<string, string[]>,
): void {
  const key = textAt(expression, 'key');
  const own = textsAt(expression, 'values');
  if (own.length === 0) problems.required(`${path}.values`);
  const seen = new Set<string>();
  for (const [index, value] of own.entries()) {
    if (seen.has(value)) problems.duplicate(`${path}.values[${index}]`, value);
    seen.add(value);
    problems.text(`${path}.values[${index}]`, value, labelValueErrors);
  }
  problems.text(`${path}.key`, key, qualifiedNameErrors);
  if (key in values) problems.duplicate(`${path}.key`, key);
  values[key] = [...seen].sort();
}

function checkStorageClass(problems: Problems, object: ObjectValue): void {
  checkProvisioner(problems, 'provisioner', textAt(object, 'provisioner'));
  checkParameters(problems, object, false);
  oneOf('Delete', 'Retain')(problems, 'reclaimPolicy', object['reclaimPolicy']);
  requiredOneOf('Immediate', 'WaitForFirstConsumer')(problems, 'volumeBindingMode', object['volumeBindingMode']);
  checkTopologies(problems, itemsOf(object, 'allowedTopologies'));
}

export const storageClassValidator: Validator = validator({
  create: checkStorageClass,
  update: (problems, object, old) => {
    checkStorageClass(problems, object);
    for (const field of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode']) {
      checkImmutable(problems, field, object, old);
    }
  },
  warnings: (object) =>
    itemsOf(object, 'allowedTopologies').flatMap((term, index) =>
      itemsOf(term, 'matchLabelExpressions').flatMap((expression, place) => {
        const detail = deprecatedNodeLabel(textAt(expression, 'key'));
        const path = `allowedTopologies[${index}].matchLabelExpressions[${place}].key`;
        return detail === undefined ? [] : [`${path}: ${detail}`];
      }),
    ),
});

function checkAttributesClass(problems: Problems, object: ObjectValue): void {
  checkProvisioner(problems, 'driverName', textAt(object, 'driverName'));
  checkParameters(problems, object, true);
}

export const attributesClassValidator: Validator = validator({
  create: checkAttributesClass,
  update: (problems, object, old) => {
    for (const field of ['driverName', 'parameters']) {
      if (semanticallyEqual(object[field], old[field])) continue;
      problems.forbidden(field, `updates to ${field} are forbidden.`);
    }
    checkAttributesClass(problems, object);
  },
});

export const storageCapacityValidator: Validator = validator({
  create: (problems, object) => {
    labelSelector(problems, 'nodeTopology', object['nodeTopology']);
    problems.text('storageClassName', textAt(object, 'storageClassName'), dnsSubdomain);
    const capacity = object['capacity'];
    if (typeof capacity === 'string' && compareQuantities(capacity, '0') < 0) {
      problems.invalid('capacity', capacity, 'must be greater than or equal to 0');
    }
  },
  update: (problems, object, old) => {
    for (const field of ['nodeTopology', 'storageClassName']) checkImmutable(problems, field, object, old);
  },
  warnings: (object) => {
    const topology = objectAt(object, 'nodeTopology');
    return [
      ...Object.keys(mapAt(topology, 'matchLabels')).map((key) => [`matchLabels[${key}]`, key] as const),
      ...itemsOf(topology, 'matchExpressions').map(
        (item, index) => [`matchExpressions[${index}].key`, textAt(item, 'key')] as const,
      ),
    ].flatMap(([at, key]) => {
      const detail = deprecatedNodeLabel(key);
      return detail === undefined ? [] : [`nodeTopology.${at}: ${detail}`];
    });
  },
});
