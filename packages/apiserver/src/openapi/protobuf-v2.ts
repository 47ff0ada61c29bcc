import type { Document } from './json-document.ts';
import {
  anything,
  dictionary,
  double,
  either,
  encodeMessage,
  flag,
  integer,
  listOf,
  message,
  text,
  wrapped,
  type Fields,
  type Form,
} from './protobuf-form.ts';

export const v2Type = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

const schema: Form = message(() => schemaFields, 31);

const schemaFields: Fields = {
  $ref: [1, text],
  format: [2, text],
  title: [3, text],
  description: [4, text],
  default: [5, anything],
  multipleOf: [6, double],
  maximum: [7, double],
  exclusiveMaximum: [8, flag],
  minimum: [9, double],
  exclusiveMinimum: [10, flag],
  maxLength: [11, integer],
  minLength: [12, integer],
  pattern: [13, text],
  maxItems: [14, integer],
  minItems: [15, integer],
  uniqueItems: [16, flag],
  maxProperties: [17, integer],
  minProperties: [18, integer],
  required: [19, listOf(text)],
  enum: [20, listOf(anything)],
  additionalProperties: [21, either((value) => (typeof value === 'boolean' ? wrapped(2, flag) : wrapped(1, schema)))],
  type: [22, wrapped(1, text)],
  items: [23, wrapped(1, schema)],
  allOf: [24, listOf(schema)],
  properties: [25, dictionary(1, schema)],
};

const isIn = (value: unknown, place: string): boolean =>
  typeof value === 'object' && value !== null && 'in' in value && value.in === place;

const bodyParameter = message(() => ({
  description: [1, text],
  name: [2, text],
  in: [3, text],
  required: [4, flag],
  schema: [5, schema],
}));

const queryParameter = message(() => ({
  in: [2, text],
  description: [3, text],
  name: [4, text],
  type: [6, text],
  uniqueItems: [20, flag],
}));

const pathParameter = message(() => ({
  required: [1, flag],
  in: [2, text],
  description: [3, text],
  name: [4, text],
  type: [5, text],
  uniqueItems: [19, flag],
}));

/** A parameter, in the message of its place. */
const parameter = wrapped(
  1,
  either((value) => {
    if (isIn(value, 'body')) return wrapped(1, bodyParameter);
    return wrapped(2, isIn(value, 'path') ? wrapped(4, pathParameter) : wrapped(3, queryParameter));
  }),
);

const response = message(() => ({ description: [1, text], schema: [2, wrapped(1, schema)] }));

const operation = message(
  () => ({
    tags: [1, listOf(text)],
    description: [3, text],
    operationId: [5, text],
    produces: [6, listOf(text)],
    consumes: [7, listOf(text)],
    parameters: [8, listOf(parameter)],
    responses: [9, dictionary(1, wrapped(1, response))],
    schemes: [10, listOf(text)],
  }),
  13,
);

const pathItem = message(() => ({
  get: [2, operation],
  put: [3, operation],
  post: [4, operation],
  delete: [5, operation],
  patch: [8, operation],
  parameters: [9, listOf(parameter)],
}));

const documentFields: Fields = {
  swagger: [1, text],
  info: [2, message(() => ({ title: [1, text], version: [2, text] }))],
  paths: [8, dictionary(2, pathItem)],
  definitions: [9, dictionary(1, schema)],
};

/** A Swagger 2.0 document as gnostic's protobuf message, which older clients ask for. */
export function encodeV2(document: Document): Uint8Array {
  return encodeMessage(documentFields, 16, document);
}
