import type { Duplex } from 'node:stream';
import { errorResponse } from '../pipeline/responses.ts';
import { badRequest, methodNotAllowed } from '../status-error.ts';
import { writeRawResponse } from './raw-response.ts';

/** Answers what the HTTP parser refuses: it knows only registered methods, any other is not allowed anywhere. */
export function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isMethod = error.code === 'HPE_INVALID_METHOD';
  const answer = isMethod ? methodNotAllowed() : badRequest(`the request is no valid HTTP: ${error.message}`);
  void writeRawResponse(socket, errorResponse(answer));
}
