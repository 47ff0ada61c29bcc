import type { AdmissionAttributes } from '../parts.ts';
import { forbidden } from '../status-error.ts';
import type { StatusError } from '../status-error.ts';

/** One check or change of requests, as kube-apiserver's admission plugins are. A refusal is thrown as a StatusError. */
export interface AdmissionPlugin {
  readonly name: string;
  readonly mutate?: (attributes: AdmissionAttributes) => void | Promise<void>;
  readonly validate?: (attributes: AdmissionAttributes) => void | Promise<void>;
}

/** 403 about the object of the request. */
export function refused({ resource, name }: AdmissionAttributes, detail: string): StatusError {
  return forbidden(resource, name, detail);
}

/** True for requests about a kind itself, not about one of its subresources. */
export function isAbout({ resource, subresource }: AdmissionAttributes, group: string, plural: string): boolean {
  return subresource === '' && resource.plural === plural && resource.group === group;
}

/** The same for the creation of objects. */
export function creates(attributes: AdmissionAttributes, group: string, plural: string): boolean {
  return attributes.operation === 'CREATE' && isAbout(attributes, group, plural);
}
