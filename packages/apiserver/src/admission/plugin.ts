import type { AdmissionAttributes } from '../parts.ts';

/** One check or change of requests, as kube-apiserver's admission plugins are. A refusal is thrown as a StatusError. */
export interface AdmissionPlugin {
  readonly name: string;
  readonly mutate?: (attributes: AdmissionAttributes) => void | Promise<void>;
  readonly validate?: (attributes: AdmissionAttributes) => void | Promise<void>;
}
