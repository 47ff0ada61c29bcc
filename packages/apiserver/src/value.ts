/** JSON inside the server: owned by one request, so it may be changed in place. Integers beyond 2^53 are bigint. */
export type Value = null | boolean | number | bigint | string | Value[] | ObjectValue;

export interface ObjectValue {
  [key: string]: Value;
}

/** True for a JSON object: neither null nor a list. */
export function isObject(value: Value | undefined): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object's metadata, made if it is missing. */
export function metadataOf(object: ObjectValue): ObjectValue {
  const metadata = object['metadata'];
  if (isObject(metadata)) return metadata;
  const made: ObjectValue = {};
  object['metadata'] = made;
  return made;
}
