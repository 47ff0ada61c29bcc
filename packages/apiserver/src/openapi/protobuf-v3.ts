import type { Document } from './json-document.ts';
import {
  anything,
  dictionary,
  double,
  either,
  encodeMessage,
  flag,
  integer,
  isReference,
  listOf,
  message,
  text,
  wrapped,
  type Fields,
  type Form,
} from './protobuf-form.ts';

export const v3Type = 'application/com.github.proto-openapi.spec.v3.v1.0+protobuf';

/** Either the thing itself (field 1) or a reference to it (field 2). */
function orReference(form: Form): Form {
  return either((value) => (isReference(value) ? wrapped(2, reference) : wrapped(1, form)));
}

const reference = message(() => ({ $ref: [1, text], description: [3, text] }));

/** Objects and lists have no form as a default there. */
const defaultValue: Form = either((value) => {
  if (typeof value === 'number') return wrapped(1, double);
  if (typeof value === 'boolean') return wrapped(2, flag);
  return typeof value === 'string' ? wrapped(3, text) : () => [];
});

const schema: Form = message(() => schemaFields, 36);
const anySchema: Form = orReference(schema);

const schemaFields: Fields = {
  nullable: [1, flag],
  title: [9, text],
  multipleOf: [10, double],
  maximum: [11, double],
  exclusiveMaximum: [12, flag],
  minimum: [13, double],
  exclusiveMinimum: [14, flag],
  maxLength: [15, integer],
  minLength: [16, integer],
  pattern: [17, text],
  maxItems: [18, integer],
  minItems: [19, integer],
  uniqueItems: [20, flag],
  maxProperties: [21, integer],
  minProperties: [22, integer],
  required: [23, listOf(text)],
  enum: [24, listOf(anything)],
  type: [25, text],
  allOf: [26, listOf(anySchema)],
  oneOf: [27, listOf(anySchema)],
  anyOf: [28, listOf(anySchema)],
  not: [29, schema],
  items: [30, wrapped(1, anySchema)],
  properties: [31, dictionary(1, anySchema)],
  additionalProperties: [
    32,
    either((value) => (typeof value === 'boolean' ? wrapped(2, flag) : wrapped(1, anySchema))),
  ],
  default: [33, defaultValue],
  description: [34, text],
  format: [35, text],
};

const content = dictionary(
  1,
  message(() => ({ schema: [1, anySchema] })),
);

const parameter = message(() => ({
  name: [1, text],
  in: [2, text],
  description: [3, text],
  required: [4, flag],
  schema: [10, anySchema],
}));

const response = message(() => ({ description: [1, text], content: [3, content] }));
const requestBody = message(() => ({ description: [1, text], content: [2, content], required: [3, flag] }));

const operation = message(
  () => ({
    tags: [1, listOf(text)],
    description: [3, text],
    operationId: [5, text],
    parameters: [6, listOf(orReference(parameter))],
    requestBody: [7, orReference(requestBody)],
    responses: [8, dictionary(2, orReference(response))],
  }),
  13,
);

const pathItem = message(() => ({
  get: [4, operation],
  put: [5, operation],
  post: [6, operation],
  delete: [7, operation],
  patch: [10, operation],
  parameters: [13, listOf(orReference(parameter))],
}));

const documentFields: Fields = {
  openapi: [1, text],
  info: [2, message(() => ({ title: [1, text], version: [6, text] }))],
  paths: [4, dictionary(1, pathItem)],
  components: [5, message(() => ({ schemas: [1, dictionary(1, anySchema)] }))],
};

/** An OpenAPI v3 document as gnostic's protobuf message, which client-go asks for. */
export function encodeV3(document: Document): Uint8Array {
  return encodeMessage(documentFields, 9, document);
}
