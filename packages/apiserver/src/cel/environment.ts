import type { FunctionTable } from './functions.ts';
import { functionTable } from './functions.ts';
import { addressLibrary } from './library/address.ts';
import { conversionLibrary } from './library/conversion.ts';
import { formatLibrary } from './library/format.ts';
import { listLibrary } from './library/list.ts';
import { operatorLibrary } from './library/operator.ts';
import { optionalLibrary } from './library/optional.ts';
import { quantityLibrary } from './library/quantity.ts';
import { regexLibrary } from './library/regex.ts';
import { semverLibrary } from './library/semver.ts';
import { setLibrary } from './library/set.ts';
import { textLibrary } from './library/text.ts';
import { timeLibrary } from './library/time.ts';
import { urlLibrary } from './library/url.ts';
import type { CelType } from './type.ts';

/** What an expression may use: variables with their types, and functions. */
export interface Environment {
  readonly variables: ReadonlyMap<string, CelType>;
  readonly functions: FunctionTable;
  /** Types that expressions may make objects of, by name. */
  readonly structs?: (name: string) => CelType | undefined;
}

let base: FunctionTable | undefined;

/** The functions of Kubernetes 1.36's CEL environment, but for the authorizer's. */
function kubernetesFunctions(): FunctionTable {
  base ??= functionTable(
    operatorLibrary,
    conversionLibrary,
    textLibrary,
    timeLibrary,
    listLibrary,
    regexLibrary,
    urlLibrary,
    addressLibrary,
    quantityLibrary,
    semverLibrary,
    formatLibrary,
    setLibrary,
    optionalLibrary,
  );
  return base;
}

/** An environment with these variables. */
export function environment(variables: Readonly<Record<string, CelType>>): Environment {
  return { variables: new Map(Object.entries(variables)), functions: kubernetesFunctions() };
}
