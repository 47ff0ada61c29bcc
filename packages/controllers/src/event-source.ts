import type { EventSource } from '@reeve/operator';

/** Reports events as kube-controller-manager's controllers do: their name is also the deprecated source.component. */
export function legacySource(controller: string): EventSource {
  return { controller, component: controller };
}
