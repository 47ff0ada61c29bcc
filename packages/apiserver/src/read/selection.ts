import { InputError, matchesFields, matchesLabels, parseFieldSelector, parseLabelSelector } from '@reeve/api';
import type { FieldRequirement, LabelRequirement } from '@reeve/api';
import { inVersion } from '../operations/storage-form.ts';
import type { ResourceInfo } from '../registry/resource-info.ts';
import { fieldRefusal } from '../registry/selectable-fields.ts';
import { badRequest } from '../status-error.ts';
import type { Stored } from '../store/stored.ts';

/** Which objects a list, a watch or a deletecollection is about. */
export interface Selection {
  readonly labels: readonly LabelRequirement[];
  readonly fields: readonly FieldRequirement[];
  readonly isEverything: boolean;
  matches(stored: Stored): boolean;
}

/** Reads `labelSelector` and `fieldSelector`; throws 400 for what cannot be read or selected by. */
export function readSelection(query: URLSearchParams, resource: ResourceInfo): Selection {
  const labels = orBadRequest(() => parseLabelSelector(query.get('labelSelector') ?? ''));
  const given = orBadRequest(() => parseFieldSelector(query.get('fieldSelector') ?? ''));
  const fields = given.map((requirement) => ({ ...requirement, field: knownField(resource, requirement.field) }));
  const needsObject = fields.some(({ field }) => field !== 'metadata.name' && field !== 'metadata.namespace');
  return {
    labels,
    fields,
    isEverything: labels.length === 0 && fields.length === 0,
    matches(stored) {
      if (labels.length > 0 && !matchesLabels(labels, stored.labels as Record<string, string>)) return false;
      if (fields.length === 0) return true;
      const values = needsObject ? resource.selectableFields?.(inVersion(resource, stored)) : undefined;
      return matchesFields(fields, (field) => {
        if (field === 'metadata.name') return stored.name;
        if (field === 'metadata.namespace') return stored.namespace;
        return values?.[field] ?? '';
      });
    },
  };
}

function orBadRequest<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof InputError) throw badRequest(error.message);
    throw error;
  }
}

function knownField(resource: ResourceInfo, field: string): string {
  const { fieldAliases, selectableFieldNames, selectsNamespace } = resource;
  const name = fieldAliases?.[field] ?? field;
  if (name === 'metadata.name' || selectableFieldNames.includes(name)) return name;
  if (name === 'metadata.namespace' && selectsNamespace) return name;
  throw badRequest(resource.refuseField?.(field) ?? fieldRefusal(undefined, resource.custom, field));
}
