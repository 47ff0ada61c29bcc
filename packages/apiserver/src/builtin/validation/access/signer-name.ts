import { dnsLabel, dnsSubdomain } from '../names.ts';
import type { TextRule } from '../names.ts';
import type { Problems } from '../problems.ts';

/** `example.com/signer-name`; problems of a part show that part. */
export function checkSignerName(problems: Problems, path: string, name: string): void {
  if (name === '') return problems.required(path);
  const [domain = '', signer = '', ...rest] = name.split('/');
  if (!name.includes('/') || rest.length > 0) {
    const detail = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
    return problems.invalid(path, name, detail);
  }
  checkLabels(problems, path, domain, dnsLabel);
  if (!domain.includes('.'))
    problems.invalid(path, domain, 'should be a domain with at least two segments separated by dots');
  checkLabels(problems, path, signer, dnsSubdomain);
}

/** Only the first bad label is told. */
function checkLabels(problems: Problems, path: string, text: string, rule: TextRule): void {
  for (const label of text.split('.')) {
    const errors = rule(label);
    for (const error of errors) problems.invalid(path, text, `validating label ${JSON.stringify(label)}: ${error}`);
    if (errors.length > 0) return;
  }
}
