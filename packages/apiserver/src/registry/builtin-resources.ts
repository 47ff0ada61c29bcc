import { conversionsOf } from '../builtin/stored-forms.ts';
import { objectCodec } from '../codec/object-codec.ts';
import type { BuiltinStrategy, DecodeInput } from '../parts.ts';
import type { ObjectValue } from '../value.ts';
import { deleteRulesOf } from './delete-rules.ts';
import { publishedResources } from './published-resources.ts';
import type { PublishedResource } from './published-resources.ts';
import { groupVersionOf } from './resource-info.ts';
import type { ResourceInfo, StorageInfo } from './resource-info.ts';
import { builtinSelectableFields, fieldRefusal, selectValues } from './selectable-fields.ts';

/** Resources that share the store of another group or version: what the key names is kept as what the value names. */
const sharedStorage: Readonly<Record<string, StorageInfo>> = {
  'events.k8s.io/v1/events': { group: '', version: 'v1', plural: 'events', kind: 'Event' },
  'autoscaling/v1/horizontalpodautoscalers': {
    group: 'autoscaling',
    version: 'v2',
    plural: 'horizontalpodautoscalers',
    kind: 'HorizontalPodAutoscaler',
  },
};

const deprecations: Readonly<Record<string, string>> = {
  'v1/endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  'v1/componentstatuses': 'v1 ComponentStatus is deprecated in v1.19+',
};

/** All built-in resources, made from recorded discovery and their strategies, which are made when first asked for. */
export function builtinResources(strategyOf: BuiltinStrategy): ResourceInfo[] {
  const made: ResourceInfo[] = [];
  for (const [groupVersion, resources] of Object.entries(publishedResources().resources)) {
    for (const resource of resources) made.push(builtinResource(groupVersion, resource, strategyOf));
  }
  return made;
}

function builtinResource(
  groupVersion: string,
  published: PublishedResource,
  strategyOf: BuiltinStrategy,
): ResourceInfo {
  const slash = groupVersion.indexOf('/');
  const group = slash < 0 ? '' : groupVersion.slice(0, slash);
  const version = groupVersion.slice(slash + 1);
  const { name: plural, kind, namespaced, singular, verbs } = published;
  const path = `${groupVersion}/${plural}`;
  let strategy: ReturnType<BuiltinStrategy> | undefined;
  return {
    group,
    version,
    kind,
    listKind: `${kind}List`,
    plural,
    singular,
    namespaced,
    verbs,
    shortNames: published.shortNames ?? [],
    categories: published.categories ?? [],
    subresources: published.subresources ?? [],
    ...(published.storageVersionHash === undefined ? {} : { storageVersionHash: published.storageVersionHash }),
    ...canonicalConversions(path, { group, version, kind }),
    storage: sharedStorage[path] ?? { group, version, plural, kind },
    custom: false,
    get strategy() {
      strategy ??= strategyOf({ group, version, kind });
      return strategy;
    },
    deletion: deleteRulesOf(group, plural),
    ...selectableOf(group, plural),
    ...(deprecations[path] === undefined ? {} : { deprecation: deprecations[path] }),
  };
}

/** Conversions between versions, with what each version prints of its own accord (counters of zero, for one). */
function canonicalConversions(
  path: string,
  type: DecodeInput['expected'],
): Pick<ResourceInfo, 'fromStorage' | 'toStorage'> {
  const conversions = conversionsOf(path);
  const { fromStorage, toStorage } = conversions;
  const storage = sharedStorage[path];
  if (fromStorage === undefined || toStorage === undefined || storage === undefined) return conversions;
  return {
    fromStorage: (object) => canonical(fromStorage(object), type),
    toStorage: (object) => canonical(toStorage(object), storage),
  };
}

function canonical(object: ObjectValue, { group, version, kind }: DecodeInput['expected']): ObjectValue {
  const typed = { ...object, apiVersion: groupVersionOf({ group, version }), kind };
  const expected = { group, version, kind };
  return objectCodec.normalise(typed, { expected, custom: false, fieldValidation: 'Ignore' }).object;
}

function selectableOf(
  group: string,
  plural: string,
): Pick<
  ResourceInfo,
  'selectableFieldNames' | 'selectsNamespace' | 'fieldAliases' | 'selectableFields' | 'refuseField'
> {
  const fields = builtinSelectableFields[`${group}/${plural}`];
  if (fields === undefined) return { selectableFieldNames: [], selectsNamespace: true };
  return {
    selectableFieldNames: Object.keys(fields.paths),
    selectsNamespace: fields.namespace !== false,
    fieldAliases: fields.aliases ?? {},
    selectableFields: (object) => selectValues(fields, object),
    refuseField: (field) => fieldRefusal(fields, false, field),
  };
}
