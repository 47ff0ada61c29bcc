import { z } from 'zod';
import { refuse } from './refusal.ts';

/** JSON schema as zod writes it, before it is made structural. */
export interface RawSchema {
  readonly [keyword: string]: unknown;
}

const changesValue = 'a CRD stores what the user wrote and cannot change it; do that in the controller';

/** Kinds of zod schema whose meaning gets lost on the way to a CRD. */
const lostTypes: Readonly<Record<string, string>> = {
  tuple: 'a CRD has no tuples: use an object with named fields',
  transform: changesValue,
  pipe: changesValue,
  date: 'JSON has no dates: use z.iso.datetime()',
  bigint: 'JSON has no bigints: use z.int()',
  symbol: 'JSON has no symbols',
  undefined: 'JSON has no undefined: use .optional() on the field',
  void: 'JSON has no void',
  nan: 'JSON has no NaN',
  map: 'JSON has no maps: use z.record()',
  set: "JSON has no sets: use z.array() with .meta({ 'x-kubernetes-list-type': 'set' })",
  function: 'JSON has no functions',
  promise: 'JSON has no promises',
  custom: 'what z.custom() means is unknown here: use embedded<T>()',
  lazy: 'a CRD cannot be recursive',
};

/** Checks that zod runs in JavaScript and writes nowhere. */
const lostChecks: Readonly<Record<string, string>> = {
  custom: 'the API server cannot run refine(): write it in CEL with rules(schema, …)',
  overwrite: changesValue,
};

interface Definition {
  readonly type: string;
  readonly checks?: readonly { readonly _zod: { readonly def: { readonly check: string } } }[];
  readonly keyType?: {
    readonly _zod: { readonly def: { readonly type: string; readonly checks?: readonly unknown[] } };
  };
}

function lossOf(definition: Definition): string | undefined {
  const { type, checks = [], keyType } = definition;
  const lost =
    lostTypes[type] ?? checks.map((check) => lostChecks[check._zod.def.check]).find((why) => why !== undefined);
  if (lost !== undefined) return lost;
  const key = keyType?._zod.def;
  if (type === 'record' && (key?.type !== 'string' || (key.checks ?? []).length > 0)) {
    return 'a CRD cannot constrain the keys of a record: use z.string() and a rule such as self.all(k, k in ["a"])';
  }
  return undefined;
}

/** Writes a zod schema as JSON schema; throws where something would be lost. */
export function writtenSchema(schema: z.ZodType, root: string): RawSchema {
  return z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    cycles: 'throw',
    override({ zodSchema, path }) {
      const fields = path.filter((part) => part !== 'properties');
      const loss = lossOf(zodSchema._zod.def as Definition);
      if (loss !== undefined) throw refuse([root, ...fields].join('.'), loss);
    },
  }) as RawSchema;
}
