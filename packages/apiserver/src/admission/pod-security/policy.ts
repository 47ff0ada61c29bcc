import type { FieldError } from '../../field-error.ts';
import { fieldErrors } from '../../field-error.ts';
import type { Level, LevelVersion } from './standards.ts';

/** What a namespace asks of its pods. */
export interface SecurityPolicy {
  readonly enforce: LevelVersion;
  readonly warn: LevelVersion;
  readonly errors: readonly FieldError[];
}

const prefix = 'pod-security.kubernetes.io/';
const levels: readonly Level[] = ['privileged', 'baseline', 'restricted'];

/** Levels in the order of their strictness. */
export const strictness = (level: Level): number => levels.indexOf(level);

/** The policy in the labels of a namespace; a level that cannot be read is the strictest for enforcing. */
export function securityPolicyOf(labels: Readonly<Record<string, string>>): SecurityPolicy {
  const errors: FieldError[] = [];
  const levelOf = (mode: string, wrong: Level): Level | undefined => {
    const label = `${prefix}${mode}`;
    const given = labels[label];
    if (given === undefined) return undefined;
    const level = levels.find((known) => known === given);
    if (level === undefined) errors.push(labelError(label, given, `must be one of ${levels.join(', ')}`));
    return level ?? wrong;
  };
  const versionOf = (mode: string): { readonly minor: number | undefined } | undefined => {
    const label = `${prefix}${mode}-version`;
    const given = labels[label];
    if (given === undefined) return undefined;
    const match = /^v1\.(0|[1-9]\d*)$/.exec(given);
    if (match === null && given !== 'latest') errors.push(labelError(label, given, 'must be "latest" or "v1.x"'));
    return { minor: match === null ? undefined : Number(match[1]) };
  };
  const enforceLevel = levelOf('enforce', 'restricted');
  const isSound = errors.length === 0;
  const enforceVersion = versionOf('enforce');
  levelOf('audit', 'privileged');
  versionOf('audit');
  const warnLevel = levelOf('warn', 'privileged');
  const warnVersion = versionOf('warn');
  const enforce = { level: enforceLevel ?? 'privileged', minor: enforceVersion?.minor };
  const follows = warnLevel === undefined && isSound && enforceLevel !== undefined;
  const warn = {
    level: warnLevel ?? (follows ? enforce.level : 'privileged'),
    minor: warnVersion === undefined && follows ? enforce.minor : warnVersion?.minor,
  };
  return { enforce, warn, errors };
}

const labelError = (label: string, value: string, detail: string): FieldError =>
  fieldErrors.invalid(`metadata.labels[${label}]`, value, detail);
