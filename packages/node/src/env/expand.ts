/**
 * Replaces `$(NAME)` by the variable's value; `$$` is a literal dollar sign. References to unknown variables stay as
 * they are (Kubernetes documentation, "Define dependent environment variables").
 */
export function expandVariables(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (match, name: string | undefined) => {
    if (name === undefined) return '$';
    return variables.get(name) ?? match;
  });
}
