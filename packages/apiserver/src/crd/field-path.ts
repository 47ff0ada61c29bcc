/** Paths as apimachinery's `field.Path` prints them; '' is the object itself. */
export const child = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** A step into a map: `spec.labels[app]`. */
export const key = (path: string, name: string): string => `${path}[${name}]`;

/** A step into a list. */
export const index = (path: string, position: number): string => `${path}[${position}]`;

/** How a path appears in an error: the object itself is `<nil>`. */
export const shown = (path: string): string => (path === '' ? '<nil>' : path);
