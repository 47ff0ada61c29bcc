import { canonicalQuantity, InputError } from '@reeve/api';
import { badRequest } from '../status-error.ts';
import type { Value } from '../value.ts';
import { DecodeState } from './decode-state.ts';
import type { GoCodec } from './go-codec.ts';
import { integerCodec, stringCodec } from './go-scalars.ts';
import { sliceCodec } from './go-collections.ts';
import { canonicalMicroTime, canonicalTime } from './go-time.ts';
import { isExactObject, NumberLiteral, toPlain } from './number-literal.ts';
import type { ExactValue } from './number-literal.ts';

const never = (): boolean => false;
const strings = stringCodec('string');
const int32 = integerCodec('int32');

function timeCodec(name: string, canonical: (text: string) => string): GoCodec {
  return {
    name,
    decode(value, state) {
      if (value === null) return undefined;
      if (typeof value !== 'string') throw state.typeError(value, 'string');
      return canonical(value);
    },
    zero: () => null,
    isEmpty: (value) => value === null,
  };
}

function quantityText(value: ExactValue): string {
  if (typeof value === 'string') return value.trim();
  if (value instanceof NumberLiteral) return value.text;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

const quantity: GoCodec = {
  name: 'resource.Quantity',
  decode(value) {
    if (value === null) return undefined;
    try {
      return canonicalQuantity(quantityText(value));
    } catch (error) {
      if (error instanceof InputError) throw badRequest(error.message);
      throw error;
    }
  },
  zero: () => '0',
  isEmpty: never,
};

const intOrString: GoCodec = {
  name: 'intstr.IntOrString',
  decode: (value, state) => (typeof value === 'string' ? value : int32.decode(value, state)),
  zero: () => 0,
  isEmpty: never,
};

/** Anything, kept as it is. */
export const rawCodec: GoCodec = {
  name: 'interface {}',
  decode: (value) => (value === null ? undefined : toPlain(value)),
  zero: () => null,
  isEmpty: never,
};

type Shape = (value: ExactValue, props: GoCodec, state: DecodeState) => Value | undefined;

/** A schema, or in its place something else. Inside, Go decodes anew and no longer strictly. */
function schemaOr(props: () => GoCodec, otherwise: Shape): GoCodec {
  return {
    get name() {
      return `${props().name}Or`;
    },
    decode(value, state) {
      const inner = new DecodeState();
      return isExactObject(value) ? props().decode(value, inner) : otherwise(value, props(), state);
    },
    zero: () => null,
    isEmpty: never,
  };
}

const listOfSchemas: Shape = (value, props) =>
  Array.isArray(value) ? value.map((item) => props.decode(item, new DecodeState()) ?? props.zero()) : undefined;

const listOfStrings: Shape = (value, _props, state) =>
  Array.isArray(value)
    ? sliceCodec(
        () => strings,
        () => '[]string',
      ).decode(value, state)
    : undefined;

const trueOrFalse: Shape = (value) => {
  if (typeof value === 'boolean') return value;
  throw badRequest('boolean or JSON schema expected');
};

/** Go types that read and write their JSON by code of their own, by full name. */
export function marshalerCodec(type: string, codecOf: (type: string) => GoCodec): GoCodec | undefined {
  const props = (): GoCodec => codecOf(type.replace(/Or\w+$/, ''));
  switch (type.slice(type.lastIndexOf('.') + 1)) {
    case 'Time':
      return timeCodec('v1.Time', canonicalTime);
    case 'MicroTime':
      return timeCodec('v1.MicroTime', canonicalMicroTime);
    case 'Quantity':
      return quantity;
    case 'IntOrString':
      return intOrString;
    case 'JSON':
    case 'FieldsV1':
    case 'RawExtension':
    case 'Unknown':
      return rawCodec;
    case 'JSONSchemaPropsOrArray':
      return schemaOr(props, listOfSchemas);
    case 'JSONSchemaPropsOrStringArray':
      return schemaOr(props, listOfStrings);
    case 'JSONSchemaPropsOrBool':
      return schemaOr(props, trueOrFalse);
    default:
      return undefined;
  }
}
