import type { PathHandler } from '../parts.ts';
import { textResponse } from './responses.ts';

const healthPaths = new Set(['/healthz', '/livez', '/readyz']);

/** Health: the server answers requests only once it is ready. */
export const healthPath: PathHandler = async ({ info }) =>
  healthPaths.has(info.path) ? textResponse(200, 'ok') : undefined;
