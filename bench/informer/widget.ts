import { defineResource } from '@reeve/operator';
import type { ObjectOf, ResourceDefinition, CustomObject } from '@reeve/operator';
import { z } from 'zod';

const spec = z.object({
  image: z.string(),
  replicas: z.int(),
  labels: z.record(z.string(), z.string()),
  env: z.array(z.object({ name: z.string(), value: z.string() })),
});
const status = z.object({ phase: z.string().optional() });

/** The custom resource that is listed: about 2.3 KB each, a third of it managedFields. */
export const Widget: ResourceDefinition<CustomObject<z.output<typeof spec>, z.output<typeof status>>> = defineResource({
  group: 'bench.reeve.dev',
  version: 'v1',
  kind: 'Widget',
  spec,
  status,
});

/** One object; `serial` makes its texts its own. */
export function widget(serial: number): ObjectOf<typeof Widget> {
  const text = (part: string): string => `${part}-${serial}-${'abcdefghij'.repeat(2)}`;
  const pairs = (count: number, part: string): [string, string][] =>
    Array.from({ length: count }, (_, index) => [`${part}-${index}`, text(part)]);
  return {
    metadata: {
      name: `widget-${String(serial).padStart(6, '0')}`,
      namespace: 'default',
      labels: { app: `app-${serial % 100}`, tier: 'backend' },
      annotations: { 'bench.reeve.dev/note': text('note') },
    },
    spec: {
      image: `registry.example.com/team/image:${serial}`,
      replicas: serial % 9,
      labels: Object.fromEntries(pairs(12, 'label')),
      env: pairs(13, 'VARIABLE').map(([name, value]) => ({ name, value })),
    },
  };
}
