import { goTypeOf } from '../codec/go-types.ts';
import { structCodec } from '../codec/go-compiler.ts';
import type { Strategy, WriteContext } from '../strategy.ts';
import { builtInSchema } from '../schema/built-in-schema.ts';
import { isObject } from '../value.ts';
import type { ObjectValue } from '../value.ts';
import { defaulterOf } from './defaults/default-compiler.ts';
import { rulesOf } from './kind-rules.ts';
import type { KindRules } from './kind-rules.ts';
import { preparationOf } from './preparation/preparations.ts';
import type { KindPreparation } from './preparation/kind-preparation.ts';
import { countChanges, keepStatus, prepareCreated, prepareStatus } from './preparation/prepare-object.ts';
import { validatorOf } from './validation/validators.ts';

/** A kind in one version. */
interface BuiltInKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

const nothing = (): void => {};

/** The strategy of a built-in kind, put together from its defaults, rules, preparation and validation. */
export function builtInStrategy(kind: BuiltInKind): Strategy {
  const goType = goTypeOf(kind);
  const rules = rulesOf(kind.group, kind.kind);
  const preparation = preparationOf(kind.group, kind.kind);
  const validator = validatorOf(kind.group, kind.kind);
  return {
    schema: builtInSchema(kind) ?? { type: 'untyped' },
    applyDefaults: goType === undefined ? nothing : defaulterOf(goType),
    ...preparing(rules, preparation, goType),
    validate: validator.create,
    validateUpdate: validator.update,
    ...(validator.warnings === undefined ? {} : { warnings: validator.warnings }),
    ...(preparation.canonicalize === undefined ? {} : { canonicalize: preparation.canonicalize }),
    allowCreateOnUpdate: rules.createsOnUpdate === true,
    allowUnconditionalUpdate: rules.needsVersion !== true,
  };
}

function preparing(
  rules: KindRules,
  preparation: KindPreparation,
  goType: string | undefined,
): Pick<Strategy, 'prepareForCreate' | 'prepareForUpdate'> {
  let emptyStatus: ObjectValue | undefined;
  return {
    prepareForCreate(object, context) {
      emptyStatus ??= { ...zeroStatus(goType), ...preparation.emptyStatus };
      prepareCreated(rules, object, emptyStatus);
      preparation.create?.(object, context);
    },
    prepareForUpdate(object, old, context) {
      const special = preparation.subresources?.[context.subresource];
      if (context.subresource === '') updateWhole(rules, preparation, object, old, context);
      else if (context.subresource === 'status') prepareStatus(rules, object, old);
      special?.(object, old, context);
    },
  };
}

function updateWhole(
  rules: KindRules,
  preparation: KindPreparation,
  object: ObjectValue,
  old: ObjectValue,
  context: WriteContext,
): void {
  keepStatus(rules, object, old);
  preparation.update?.(object, old, context);
  countChanges(rules, object, old);
}

/** An empty status as Go prints it: with the zeros of fields that are never left out. */
function zeroStatus(goType: string | undefined): ObjectValue {
  const zero = goType === undefined ? undefined : structCodec(goType).zero();
  const status = isObject(zero) ? zero['status'] : undefined;
  return isObject(status) ? status : {};
}
