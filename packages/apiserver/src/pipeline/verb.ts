import type { Core, Parts } from '../parts.ts';
import type { ResourceInfo, SubresourceInfo } from '../registry/resource-info.ts';
import type { Answer } from './answer.ts';
import type { RequestContext } from './context.ts';
import type { AnswerForm } from './negotiate.ts';

/** Everything a verb works with. */
export interface VerbInput {
  readonly core: Core;
  readonly parts: Parts;
  readonly context: RequestContext;
  readonly resource: ResourceInfo;
  readonly subresource: SubresourceInfo | undefined;
  readonly form: AnswerForm;
}

/** Carries out one verb on a resource. */
export type Verb = (input: VerbInput) => Promise<Answer>;
