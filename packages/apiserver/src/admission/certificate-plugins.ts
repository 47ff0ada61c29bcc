import type { AdmissionAttributes, Authorize } from '../parts.ts';
import { semanticallyEqual } from '../builtin/equality.ts';
import { itemsOf, objectAt, textAt } from '../builtin/object-path.ts';
import type { ObjectValue } from '../value.ts';
import type { AdmissionPlugin } from './plugin.ts';
import { creates, refused } from './plugin.ts';

const group = 'certificates.k8s.io';
const requests = 'certificatesigningrequests';
const clientSigner = 'kubernetes.io/kube-apiserver-client';

/** Who approves or signs needs the right to do so for the signer, and nobody becomes a cluster admin by certificate. */
export function certificatePlugins(authorize: Authorize): readonly AdmissionPlugin[] {
  const maySign = (attributes: AdmissionAttributes, verb: string): boolean => {
    const signer = textAt(objectAt(attributes.old, 'spec'), 'signerName');
    const domain = `${signer.split('/')[0] ?? ''}/*`;
    return [signer, domain].some((name) => mayUseSigner(authorize, attributes, verb, name));
  };
  return [
    {
      name: 'CertificateApproval',
      validate(attributes) {
        if (!isRequest(attributes, 'approval') || maySign(attributes, 'approve')) return;
        throw refused(attributes, `user not permitted to approve requests with signerName ${signerOf(attributes)}`);
      },
    },
    {
      name: 'CertificateSigning',
      validate(attributes) {
        if (!isRequest(attributes, 'status') || !isSigned(attributes) || maySign(attributes, 'sign')) return;
        throw refused(attributes, `user not permitted to sign requests with signerName ${signerOf(attributes)}`);
      },
    },
    { name: 'CertificateSubjectRestriction', validate: checkSubject },
  ];
}

function mayUseSigner(authorize: Authorize, { user }: AdmissionAttributes, verb: string, name: string): boolean {
  return authorize(user, {
    isResource: true,
    path: '',
    verb,
    group,
    version: '*',
    namespace: '',
    resource: 'signers',
    subresource: '',
    name,
  }).allowed;
}

function isRequest({ resource, subresource, operation }: AdmissionAttributes, wanted: string): boolean {
  return resource.group === group && resource.plural === requests && subresource === wanted && operation === 'UPDATE';
}

function signerOf({ old }: AdmissionAttributes): string {
  return JSON.stringify(textAt(objectAt(old, 'spec'), 'signerName'));
}

/** The certificate changed, or the request is said to have failed. */
function isSigned({ object, old }: AdmissionAttributes): boolean {
  const [before, after] = [objectAt(old, 'status'), objectAt(object, 'status')];
  return (
    textAt(before, 'certificate') !== textAt(after, 'certificate') ||
    !semanticallyEqual(failures(before), failures(after))
  );
}

function failures(status: ObjectValue): ObjectValue[] {
  return itemsOf(status, 'conditions').filter(({ type }) => type === 'Failed');
}

function checkSubject(attributes: AdmissionAttributes): void {
  if (!creates(attributes, group, requests)) return;
  const spec = objectAt(attributes.object, 'spec');
  if (spec['signerName'] !== clientSigner) return;
  const organizations = organizationsOf(textAt(spec, 'request'));
  if (!organizations.includes('system:masters')) return;
  throw refused(attributes, `use of ${clientSigner} signer with system:masters group is not allowed`);
}

/** The object identifier of `organizationName` (2.5.4.10) as it stands in a distinguished name. */
const organizationName = Buffer.from([0x06, 0x03, 0x55, 0x04, 0x0a]);

/** The short `O` values in a request; what cannot be read is for validation to refuse. */
function organizationsOf(request: string): readonly string[] {
  const pem = Buffer.from(request, 'base64').toString('latin1');
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64');
  const found: string[] = [];
  for (let at = der.indexOf(organizationName); at >= 0; at = der.indexOf(organizationName, at + 1)) {
    const length = der[at + organizationName.length + 1] ?? 0;
    const start = at + organizationName.length + 2;
    found.push(der.toString('utf8', start, start + length));
  }
  return found;
}
