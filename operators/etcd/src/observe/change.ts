import { fingerprint } from '@reeve/stateful';
import { blueprintOf, tagOf, type Blueprint } from '../api/spec.ts';
import type { MemberRecord } from '../api/status.ts';
import { lowestVersion, refuseVersion } from '../decide/version-path.ts';
import type { Change } from '../decide/view.ts';
import type { Facts } from './facts.ts';

/** The blueprint that pods are made from: the accepted one, or at first the spec's. */
export function acceptedOf({ identity, status }: Facts): Blueprint {
  return status.accepted ?? blueprintOf(identity.spec);
}

/** How the spec's blueprint differs from the accepted one, and whether etcd could follow. */
export function changeOf(facts: Facts, records: readonly MemberRecord[]): Change | undefined {
  const [wanted, accepted] = [blueprintOf(facts.identity.spec), acceptedOf(facts)];
  if (fingerprint(wanted) === fingerprint(accepted)) return undefined;
  const running = records.flatMap(({ version, role }) => (version !== undefined && role === 'Voter' ? [version] : []));
  const from = lowestVersion(running) ?? accepted.version;
  return {
    fingerprint: fingerprint(wanted),
    summary: summaryOf(accepted, wanted),
    refused: refuseVersion(tagOf(from), tagOf(wanted.version)),
  };
}

/** `version v3.5.16 to v3.5.30, resources`. */
function summaryOf(accepted: Blueprint, wanted: Blueprint): string {
  const parts = (['resources', 'podTemplate', 'options'] as const).filter(
    (part) => fingerprint({ part: accepted[part] }) !== fingerprint({ part: wanted[part] }),
  );
  const version =
    accepted.version === wanted.version ? [] : [`version ${tagOf(accepted.version)} to ${tagOf(wanted.version)}`];
  return [...version, ...parts].join(', ');
}
