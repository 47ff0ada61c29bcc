import { Failure, type CelValue } from './value.ts';

/** The state of one evaluation: variables and what it has cost. */
export class Frame {
  readonly variables: Map<string, CelValue>;
  readonly limit: number;
  cost = 0;

  constructor(variables: Readonly<Record<string, CelValue>>, limit: number) {
    this.variables = new Map(Object.entries(variables));
    this.limit = limit;
  }

  /** Runs with a variable set, and puts back what it hid. */
  scoped<T>(name: string, value: CelValue, run: () => T): T {
    const before = this.variables.get(name);
    this.variables.set(name, value);
    const result = run();
    if (before === undefined) this.variables.delete(name);
    else this.variables.set(name, before);
    return result;
  }

  /** Adds to the cost; a failure once it is too much. */
  spend(cost: number): Failure | undefined {
    this.cost += cost;
    return this.cost > this.limit ? costLimitExceeded : undefined;
  }
}

/** What an evaluation that costs too much ends in. */
const costLimitExceeded: Failure = new Failure('operation cancelled: actual cost limit exceeded', true);

/** A compiled expression. */
export type Step = (frame: Frame) => CelValue;
