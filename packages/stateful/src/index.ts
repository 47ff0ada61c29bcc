/** The kit for operators of stateful software: members and their disks, quorums, budgets, certificates. */
export { memberName, nextSerial, serialOf } from './identity.ts';
export { diskState } from './disk.ts';
export type { DiskEvidence, DiskState } from './disk.ts';
export { isImageProblem, podState } from './pod-state.ts';
export type { NodeState, PodFacts, PodProblem, PodState } from './pod-state.ts';
export { isRetired, retiredAtAnnotation, retiredLabel, retirementLeft, retirementPatch } from './retirement.ts';
export { quorum, tolerance } from './quorum.ts';
export { quorumBudget } from './disruption-budget.ts';
export type { BudgetOptions } from './disruption-budget.ts';
export { preferApart } from './spread.ts';
export { fingerprint } from './fingerprint.ts';
export { createAuthority, issueLeaf } from './certificates/authority.ts';
export type { KeyPair, LeafOptions } from './certificates/authority.ts';
export { renewalDue, renewalReason } from './certificates/renewal.ts';
export type { RenewalQuestion, RenewalReason } from './certificates/renewal.ts';
export { readTLSSecret, tlsSecret } from './certificates/secrets.ts';
