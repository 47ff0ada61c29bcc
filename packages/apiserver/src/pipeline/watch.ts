import { statusError } from '../status-error.ts';
import type { Answer } from './answer.ts';
import type { VerbInput } from './route.ts';

export async function watch({ resource }: VerbInput): Promise<Answer> {
  throw statusError(405, 'MethodNotAllowed', `watch of ${resource.plural} comes next`, {});
}
