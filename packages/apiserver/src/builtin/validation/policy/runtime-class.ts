import { mapAt, itemsOf, maybeObject, objectAt } from '../../object-path.ts';
import { checkLabels } from '../../../meta/validate-metadata.ts';
import { semanticallyEqual } from '../../equality.ts';
import type { ObjectValue } from '../../../value.ts';
import { requiredText } from '../checks.ts';
import { checkImmutable } from '../immutable.ts';
import { dnsLabel } from '../names.ts';
import { checkResources } from '../pod/resources.ts';
import { checkTolerations } from '../pod/scheduling.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

export const runtimeClassValidator: Validator = validator({
  create: (problems, object) => {
    requiredText(dnsLabel)(problems, 'handler', object['handler']);
    const overhead = maybeObject(object, 'overhead');
    if (overhead !== undefined) {
      checkResources(problems, 'overhead', { limits: { ...mapAt(overhead, 'podFixed') } }, new Set());
    }
    const scheduling = objectAt(object, 'scheduling');
    checkLabels(problems, mapAt(scheduling, 'nodeSelector'), 'scheduling.nodeSelector');
    const tolerations = itemsOf(scheduling, 'tolerations');
    checkTolerations(problems, 'scheduling.tolerations', tolerations);
    const seen: ObjectValue[] = [];
    for (const [index, { tolerationSeconds: _, ...toleration }] of tolerations.entries()) {
      if (seen.some((other) => semanticallyEqual(other, toleration))) {
        problems.duplicate(`scheduling.tolerations[${index}]`, tolerations[index]);
      }
      seen.push(toleration);
    }
  },
  update: (problems, object, old) => checkImmutable(problems, 'handler', object, old),
});
