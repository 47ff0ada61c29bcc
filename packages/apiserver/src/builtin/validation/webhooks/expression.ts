import type { PolicyEnvironment } from '../../../admission/policy/environment.ts';
import { compileProgram } from '../../../cel/program.ts';
import type { Program } from '../../../cel/program.ts';
import { typeText } from '../../../cel/type.ts';
import type { Problems } from '../problems.ts';

/** Compiles an expression, or tells why it does not give what it must. */
export function checkExpression(
  problems: Problems,
  path: string,
  source: string,
  environment: PolicyEnvironment,
  wanted: readonly string[],
): Program | undefined {
  const compiled = compileProgram(source, environment);
  if ('error' in compiled) {
    problems.invalid(path, source, `${stages[compiled.stage]} failed: ${compiled.error}`);
    return undefined;
  }
  const { program } = compiled;
  const type = typeText(program.type);
  if (wanted.length === 0 || wanted.includes(type) || type === 'dyn') return program;
  problems.invalid(path, source, `must evaluate to ${wanted.join(' or ')} but got ${type}`);
  return undefined;
}

const stages = { compilation: 'compilation', instantiation: 'program instantiation' } as const;
