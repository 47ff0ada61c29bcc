import type { JSONSchemaProps } from '@reeve/api/apiextensions/v1';
import { conditions } from './schemas.ts';
import { structural } from './structural.ts';
import { writtenSchema } from './zod-schema.ts';

/** Adds the contract's fields to a status, where it does not declare them itself. */
export function withContract(status: JSONSchemaProps): JSONSchemaProps {
  const contract: Record<string, JSONSchemaProps> = {
    observedGeneration: {
      type: 'integer',
      format: 'int64',
      description: 'The generation that this status speaks about.',
    },
    conditions: {
      ...structural(writtenSchema(conditions(), 'status.conditions'), 'status.conditions'),
      description: 'What is so, what is not, and why.',
    },
  };
  return { ...status, properties: { ...contract, ...status.properties } };
}
