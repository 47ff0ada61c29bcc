import type { ObjectValue } from '../../../value.ts';
import { objectAt, textsAt } from '../../object-path.ts';
import { canonicalBlock, parseBlock } from '../addresses.ts';
import type { Problems } from '../problems.ts';
import { validator } from '../validator.ts';
import type { Validator } from '../validator.ts';

const path = 'spec.cidrs';
const immutable = 'field is immutable';

const rangesOf = (object: ObjectValue): readonly string[] => textsAt(objectAt(object, 'spec'), 'cidrs');

function checkRanges(problems: Problems, object: ObjectValue): void {
  const ranges = rangesOf(object);
  if (ranges.length === 0) return problems.required(path, 'at least one CIDR required');
  if (ranges.length > 2) return problems.invalid(path, { CIDRs: ranges }, 'may only hold up to 2 values');
  for (const [index, range] of ranges.entries()) problems.text(`${path}[${index}]`, range, canonicalBlock);
  const [first, second] = ranges.map((range) => parseBlock(range)?.family);
  if (second === undefined || first !== second) return;
  const detail = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
  problems.invalid(path, ranges, detail);
}

/** Ranges of service addresses: only a second family may be added. */
export const serviceRangeValidator: Validator = validator({
  create: checkRanges,
  update: (problems, object, old) => {
    const ranges = rangesOf(object);
    const before = rangesOf(old);
    const isExtended = before.length === 1 && ranges.length === 2;
    if (ranges.length !== before.length && !isExtended) return problems.invalid(path, ranges, immutable);
    for (const [index, range] of before.entries()) {
      if (range !== ranges[index]) problems.invalid(`${path}[${index}]`, ranges[index], immutable);
    }
    if (isExtended) checkRanges(problems, object);
  },
});
