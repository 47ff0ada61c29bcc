/** The majority of `voters`: how many must agree. */
export function quorum(voters: number): number {
  return Math.floor(voters / 2) + 1;
}

/** How many of `voters` may fail before the rest can no longer agree. */
export function tolerance(voters: number): number {
  return voters === 0 ? 0 : voters - quorum(voters);
}
