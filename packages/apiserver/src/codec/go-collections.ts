import type { ObjectValue, Value } from '../value.ts';
import type { GoCodec } from './go-codec.ts';
import { isExactObject } from './number-literal.ts';

/** `[]T`. A null element is T's zero value. */
export function sliceCodec(element: () => GoCodec, name: () => string): GoCodec {
  return {
    get name() {
      return name();
    },
    decode(value, state) {
      if (value === null) return undefined;
      if (!Array.isArray(value)) throw state.typeError(value, name());
      const codec = element();
      return value.map((item) => codec.decode(item, state) ?? codec.zero());
    },
    zero: () => null,
    isEmpty: (value) => Array.isArray(value) && value.length === 0,
    findProblems(value, path, problems) {
      const codec = element();
      if (!Array.isArray(value) || codec.findProblems === undefined) return;
      for (const [index, item] of value.entries()) codec.findProblems(item, `${path}[${index}]`, problems);
    },
  };
}

/** `map[string]T`. A null value is T's zero value. */
export function mapCodec(element: () => GoCodec, name: () => string): GoCodec {
  return {
    get name() {
      return name();
    },
    decode(value, state) {
      if (value === null) return undefined;
      if (!isExactObject(value)) throw state.typeError(value, name());
      const codec = element();
      const map: ObjectValue = {};
      for (const key of Object.keys(value)) setOwn(map, key, codec.decode(value[key] ?? null, state) ?? codec.zero());
      return map;
    },
    zero: () => null,
    isEmpty: (value) => typeof value === 'object' && value !== null && Object.keys(value).length === 0,
    findProblems(value, path, problems) {
      if (!isExactObject(value)) return;
      const codec = element();
      const seen = new Set<string>();
      for (const [key, item] of problems.pairsOf(value)) {
        if (seen.has(key)) problems.add('duplicate', `${path}.${key}`);
        seen.add(key);
        codec.findProblems?.(item, `${path}.${key}`, problems);
      }
    },
  };
}

/** Sets a key that comes from outside: `__proto__` is one like any other. */
export function setOwn(object: ObjectValue, key: string, value: Value): void {
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  else object[key] = value;
}
