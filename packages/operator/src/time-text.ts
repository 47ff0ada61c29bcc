/** An RFC 3339 time in whole seconds, as `metav1.Time` prints it. */
export function timeText(now: number): string {
  return new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The same with microseconds, as `metav1.MicroTime` prints it. */
export function microTimeText(now: number): string {
  return new Date(now).toISOString().replace(/Z$/, '000Z');
}
