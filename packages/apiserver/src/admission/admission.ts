import type { Admission, Core } from '../parts.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { serviceAddresses } from './service-addresses.ts';

/** All plugins in the order of kube-apiserver; what it does after them in storage comes last. */
export function makeAdmission(core: Core): Admission {
  const plugins: readonly AdmissionPlugin[] = [serviceAddresses(core)];
  const mutating = plugins.flatMap(({ mutate }) => mutate ?? []);
  const validating = plugins.flatMap(({ validate }) => validate ?? []);
  return {
    async mutate(attributes) {
      for (const mutate of mutating) await mutate(attributes);
    },
    async validate(attributes) {
      for (const validate of validating) await validate(attributes);
    },
  };
}
