/** One line of a container's log file, in the CRI format: `<time> <stream> <F|P> <text>`. */
export interface LogLine {
  /** RFC 3339 with nanoseconds. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  /** False for a piece of a line that was too long for one record. */
  readonly full: boolean;
  readonly text: Buffer;
}

const space = 0x20;

/** The record without its line end, or undefined when it is torn (a crash cut it). */
export function parseLogLine(record: Buffer): LogLine | undefined {
  const first = record.indexOf(space);
  const second = record.indexOf(space, first + 1);
  const third = record.indexOf(space, second + 1);
  if (first < 0 || second < 0 || third < 0) return undefined;
  const stream = record.toString('latin1', first + 1, second);
  if (stream !== 'stdout' && stream !== 'stderr') return undefined;
  return {
    time: record.toString('latin1', 0, first),
    stream,
    full: record.toString('latin1', second + 1, third) === 'F',
    text: record.subarray(third + 1),
  };
}

/** The head of a record: everything before the text. */
export function logHead(timeMs: number, stream: 'stdout' | 'stderr', full: boolean): string {
  return `${new Date(timeMs).toISOString().slice(0, -1)}000000Z ${stream} ${full ? 'F' : 'P'} `;
}
