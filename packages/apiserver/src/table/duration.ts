const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

interface Step {
  /** Durations below this are told in these units. */
  readonly below: number;
  readonly unit: number;
  readonly mark: string;
  readonly smaller?: { readonly unit: number; readonly mark: string };
}

const inSeconds = { unit: second, mark: 's' };
const inMinutes = { unit: minute, mark: 'm' };
const inHours = { unit: hour, mark: 'h' };
const inDays = { unit: day, mark: 'd' };
const inYears = { unit: year, mark: 'y' };

const steps: readonly Step[] = [
  { below: 2 * minute, ...inSeconds },
  { below: 10 * minute, ...inMinutes, smaller: inSeconds },
  { below: 3 * hour, ...inMinutes },
  { below: 8 * hour, ...inHours, smaller: inMinutes },
  { below: 2 * day, ...inHours },
  { below: 8 * day, ...inDays, smaller: inHours },
  { below: 2 * year, ...inDays },
  { below: 8 * year, ...inYears, smaller: inDays },
  { below: Infinity, ...inYears },
];

/** A duration as `kubectl get` shows it: `5m30s`, `3d4h`, `2y`. A second or two of the future are now. */
export function humanDuration(milliseconds: number): string {
  if (Math.trunc(milliseconds / second) < -1) return '<invalid>';
  if (milliseconds < 0) return '0s';
  const step = steps.find(({ below }) => milliseconds < below) ?? { ...inYears, below: Infinity };
  const count = Math.floor(milliseconds / step.unit);
  if (step.smaller === undefined) return `${count}${step.mark}`;
  const rest = Math.floor((milliseconds - count * step.unit) / step.smaller.unit);
  return rest === 0 ? `${count}${step.mark}` : `${count}${step.mark}${rest}${step.smaller.mark}`;
}

/** How long ago a time was; `<unknown>` if there is none. */
export function since(time: unknown, now: number): string {
  if (typeof time !== 'string' || time === '') return '<unknown>';
  return humanDuration(now - Date.parse(time));
}
