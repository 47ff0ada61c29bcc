import { systemClock, systemRandom } from '@reeve/kube';

import type { ServiceDirectory } from './service-directory.ts';
import { ServiceProxy } from './service-proxy.ts';
import { serviceRoutes } from './service-table.ts';
import type { ServiceRoute } from './service-table.ts';

/** Keeps the proxy's routes as the Services and their endpoints say. `reserved` addresses are served by others. */
export function startServiceProxy(
  directory: ServiceDirectory,
  { reserved, onError }: { readonly reserved: readonly string[]; readonly onError: (message: string) => void },
): void {
  const proxy = new ServiceProxy(systemClock, systemRandom, onError);
  const byService = new Map<string, ReadonlyMap<string, ServiceRoute>>();
  const told = new Set<string>();
  let scheduled = false;
  const update = (): void => {
    scheduled = false;
    proxy.update(new Map([...byService.values()].flatMap((routes) => [...routes])));
  };
  directory.onChange((key) => {
    const [namespace = '', name = ''] = key.split('/');
    const service = directory.service(namespace, name);
    if (service === undefined || reserved.includes(service.spec?.clusterIP ?? '')) byService.delete(key);
    else byService.set(key, serviceRoutes(service, directory.slices(namespace, name)));
    const other = service?.spec?.ports?.find(({ protocol = 'TCP' }) => protocol !== 'TCP');
    if (other !== undefined && service?.spec?.clusterIP !== 'None' && !told.has(key)) {
      told.add(key);
      onError(`port ${other.port} of Service ${key} is ${String(other.protocol)}: its address carries TCP only`);
    }
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(update);
  });
}
