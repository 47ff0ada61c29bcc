/** Who sends a request, once authenticated (`user.Info`). */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Members may do everything; never asked of the authorizer. */
const mastersGroup = 'system:masters';

/** Whoever sends no credentials. */
export const anonymousUser: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

/** The identity of clients inside the server's own process. */
export const loopbackUser: UserInfo = {
  name: 'system:apiserver',
  groups: [mastersGroup, 'system:authenticated'],
};
