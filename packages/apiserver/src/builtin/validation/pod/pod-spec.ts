import { qualifiedNameErrors } from '@reeve/api';
import type { ObjectValue } from '../../../value.ts';
import { checkLabels } from '../../../meta/validate-metadata.ts';
import { itemsOf, mapAt, maybeObject, numberAt, objectAt, textAt, textsAt } from '../../object-path.ts';
import { legacyAddress } from '../addresses.ts';
import { inRange, oneOf } from '../checks.ts';
import { dnsLabel, dnsSubdomain, underscoredSubdomain } from '../names.ts';
import type { TextRule } from '../names.ts';
import type { Problems } from '../problems.ts';
import { checkAffinity } from './affinity.ts';
import { checkContainers, checkEphemeralContainers, checkInitContainers, gracePeriodOf } from './container.ts';
import type { ContainerScope } from './container.ts';
import { checkAmount, checkPodResources } from './resources.ts';
import { checkSpread, checkTolerations } from './scheduling.ts';
import { checkOperatingSystem, checkPodSecurity } from './security-context.ts';
import { checkVolumes } from './volumes.ts';

/** A pod's spec; `podName` is empty in templates. */
export function checkPodSpec(
  problems: Problems,
  path: string,
  spec: ObjectValue,
  podName: string,
  isPod: boolean,
): void {
  const volumes = checkVolumes(problems, `${path}.volumes`, spec, podName);
  checkResourceClaims(problems, `${path}.resourceClaims`, spec);
  const scope: ContainerScope = {
    volumes,
    claimNames: new Set(itemsOf(spec, 'resourceClaims').map((claim) => textAt(claim, 'name'))),
    gracePeriod: gracePeriodOf(spec),
    restartPolicy: textAt(spec, 'restartPolicy'),
    usesHostUsers: spec['hostUsers'] !== false,
  };
  checkContainers(problems, `${path}.containers`, spec, scope);
  checkInitContainers(problems, `${path}.initContainers`, spec, scope);
  checkEphemeralContainers(problems, `${path}.ephemeralContainers`, spec, scope);
  checkPodResources(problems, `${path}.resources`, spec);
  if (spec['hostNetwork'] === true) checkHostNetwork(problems, `${path}.containers`, spec, isPod);
  checkPolicies(problems, path, spec);
  checkLabels(problems, mapAt(spec, 'nodeSelector'), `${path}.nodeSelector`);
  checkPodSecurity(problems, `${path}.securityContext`, spec);
  const affinity = maybeObject(spec, 'affinity');
  if (affinity !== undefined) checkAffinity(problems, `${path}.affinity`, affinity);
  checkDNS(problems, `${path}.dnsConfig`, spec);
  checkGates(problems, path, spec);
  checkSpread(problems, `${path}.topologySpreadConstraints`, itemsOf(spec, 'topologySpreadConstraints'));
  checkHostnameOverride(problems, path, spec);
  checkNames(problems, path, spec);
  checkTolerations(problems, `${path}.tolerations`, itemsOf(spec, 'tolerations'));
  checkHostAliases(problems, `${path}.hostAliases`, spec);
  checkClasses(problems, path, spec);
  checkOS(problems, `${path}.os`, spec);
  checkOperatingSystem(problems, path, spec);
}

function checkResourceClaims(problems: Problems, path: string, spec: ObjectValue): void {
  const names = new Set<string>();
  for (const [index, claim] of itemsOf(spec, 'resourceClaims').entries()) {
    const at = `${path}[${index}]`;
    const name = textAt(claim, 'name');
    if (name === '') problems.required(`${at}.name`);
    else if (names.has(name)) problems.duplicate(`${at}.name`, name);
    else problems.text(`${at}.name`, name, dnsLabel);
    names.add(name);
    const sources = ['resourceClaimName', 'resourceClaimTemplateName'].filter((field) => claim[field] !== undefined);
    if (sources.length === 2) {
      const detail = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
      problems.invalid(at, claim, detail);
    }
    if (sources.length === 0) {
      problems.invalid(at, claim, 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`');
    }
    for (const field of sources) problems.text(`${at}.${field}`, textAt(claim, field), dnsSubdomain);
  }
}

function checkHostNetwork(problems: Problems, path: string, spec: ObjectValue, isPod: boolean): void {
  for (const [index, container] of itemsOf(spec, 'containers').entries()) {
    for (const [place, port] of itemsOf(container, 'ports').entries()) {
      const host = numberAt(port, 'hostPort') ?? 0;
      if ((!isPod && host === 0) || host === (numberAt(port, 'containerPort') ?? 0)) continue;
      const detail = 'must match `containerPort` when `hostNetwork` is true';
      problems.invalid(`${path}[${index}].ports[${place}].hostPort`, host, detail);
    }
  }
}

function checkPolicies(problems: Problems, path: string, spec: ObjectValue): void {
  oneOf('Always', 'OnFailure', 'Never')(problems, `${path}.restartPolicy`, spec['restartPolicy']);
  const dns = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
  oneOf(...dns)(problems, `${path}.dnsPolicy`, spec['dnsPolicy']);
}

const maxNameservers = 3;
const maxSearches = 32;
const maxSearchLength = 2048;

function checkDNS(problems: Problems, path: string, spec: ObjectValue): void {
  const config = maybeObject(spec, 'dnsConfig');
  const servers = textsAt(config, 'nameservers');
  if (spec['dnsPolicy'] === 'None') {
    if (config === undefined) return problems.required(path, 'must provide `dnsConfig` when `dnsPolicy` is None');
    if (servers.length === 0) {
      const detail = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
      return problems.required(`${path}.nameservers`, detail);
    }
  }
  if (servers.length > maxNameservers) {
    problems.invalid(`${path}.nameservers`, servers, `must not have more than ${maxNameservers} nameservers`);
  }
  for (const [index, server] of servers.entries())
    problems.text(`${path}.nameservers[${index}]`, server, legacyAddress);
  const searches = textsAt(config, 'searches');
  if (searches.length > maxSearches) {
    problems.invalid(`${path}.searches`, searches, `must not have more than ${maxSearches} search paths`);
  }
  if (searches.join(' ').length > maxSearchLength) {
    const detail = `must not have more than ${maxSearchLength} characters (including spaces) in the search list`;
    problems.invalid(`${path}.searches`, searches, detail);
  }
  for (const [index, search] of searches.entries()) {
    if (search !== '.') problems.text(`${path}.searches[${index}]`, search.replace(/\.$/, ''), underscoredSubdomain);
  }
  for (const [index, option] of itemsOf(config, 'options').entries()) {
    if (textAt(option, 'name') === '') problems.required(`${path}.options[${index}]`, 'must not be empty');
  }
}

function checkGates(problems: Problems, path: string, spec: ObjectValue): void {
  for (const [index, gate] of itemsOf(spec, 'readinessGates').entries()) {
    problems.text(`${path}.readinessGates[${index}].conditionType`, textAt(gate, 'conditionType'), qualifiedNameErrors);
  }
  const seen = new Set<string>();
  for (const [index, gate] of itemsOf(spec, 'schedulingGates').entries()) {
    const name = textAt(gate, 'name');
    problems.text(`${path}.schedulingGates[${index}]`, name, qualifiedNameErrors);
    if (seen.has(name)) problems.duplicate(`${path}.schedulingGates[${index}]`, name);
    seen.add(name);
  }
}

const maxHostname = 64;

function checkHostnameOverride(problems: Problems, path: string, spec: ObjectValue): void {
  const name = spec['hostnameOverride'];
  if (typeof name !== 'string') return;
  const at = `${path}.hostnameOverride`;
  if (spec['setHostnameAsFQDN'] === true) {
    problems.forbidden(at, 'may not be specified when setHostnameAsFQDN is true');
  }
  if (spec['hostNetwork'] === true) problems.forbidden(at, 'may not be specified when hostNetwork is true');
  problems.text(at, name, dnsSubdomain);
  if (name.length > maxHostname) problems.tooLong(at, maxHostname);
}

const named: readonly (readonly [string, TextRule])[] = [
  ['serviceAccountName', dnsSubdomain],
  ['nodeName', dnsSubdomain],
];

function checkNames(problems: Problems, path: string, spec: ObjectValue): void {
  const checkText = (field: string, rule: TextRule): void => {
    const name = textAt(spec, field);
    if (name !== '') problems.text(`${path}.${field}`, name, rule);
  };
  for (const [field, rule] of named) checkText(field, rule);
  inRange(1, 2 ** 31 - 1)(problems, `${path}.activeDeadlineSeconds`, spec['activeDeadlineSeconds']);
  checkText('hostname', dnsLabel);
  checkText('subdomain', dnsLabel);
}

function checkHostAliases(problems: Problems, path: string, spec: ObjectValue): void {
  for (const [index, alias] of itemsOf(spec, 'hostAliases').entries()) {
    problems.text(`${path}[${index}].ip`, textAt(alias, 'ip'), legacyAddress);
    for (const [place, name] of textsAt(alias, 'hostnames').entries()) {
      problems.text(`${path}[${index}].hostnames[${place}]`, name, dnsSubdomain);
    }
  }
}

function checkClasses(problems: Problems, path: string, spec: ObjectValue): void {
  for (const field of ['priorityClassName', 'runtimeClassName']) {
    const name = textAt(spec, field);
    if (name !== '') problems.text(`${path}.${field}`, name, dnsSubdomain);
  }
  oneOf('Never', 'PreemptLowerPriority')(problems, `${path}.preemptionPolicy`, spec['preemptionPolicy']);
  for (const [name, amount] of Object.entries(mapAt(spec, 'overhead'))) {
    checkAmount(problems, `${path}.overhead[${name}]`, name, amount);
  }
}

function checkOS(problems: Problems, path: string, spec: ObjectValue): void {
  if (maybeObject(spec, 'os') === undefined) return;
  const name = textAt(objectAt(spec, 'os'), 'name');
  if (name === '') problems.required(`${path}.name`);
  else oneOf('linux', 'windows')(problems, path, name);
}
