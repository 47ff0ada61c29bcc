import type { z } from 'zod';
import { OperatorError } from '../operator-error.ts';
import type { CustomObject, ResourceDefinition, ResourceDefinitionOptions } from './resource-definition.ts';

/** Defines a custom resource from two zod schemas; throws when a CRD could not hold them. */
export function defineResource<Spec extends z.ZodType, Status extends z.ZodType>(
  options: ResourceDefinitionOptions<Spec, Status>,
): ResourceDefinition<CustomObject<z.output<Spec>, z.output<Status>>> {
  throw new OperatorError('DefinitionInvalid', `${options.kind} cannot be defined yet`);
}
