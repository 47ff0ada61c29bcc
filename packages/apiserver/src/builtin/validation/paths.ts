import type { TextRule } from './names.ts';

/** A path without `..` in it. */
export const noBacksteps: TextRule = (path) => (path.split('/').includes('..') ? ["must not contain '..'"] : []);

/** A path below some directory. */
export const descendingPath: TextRule = (path) => [
  ...(path.startsWith('/') ? ['must be a relative path'] : []),
  ...noBacksteps(path),
];

/** The same, and not one of the names that the kubelet uses itself. */
export const ownPath: TextRule = (path) => {
  const errors = descendingPath(path);
  return path.startsWith('..') && !path.startsWith('../') ? [...errors, "must not start with '..'"] : errors;
};
