import { statusError } from '../status-error.ts';
import type { StatusError } from '../status-error.ts';

/** The form of an answer: as it is, as a Table or as metadata only. */
export type AnswerForm = { readonly media: 'json' | 'yaml' | 'protobuf' } & (
  | { readonly type: 'plain' }
  | { readonly type: 'table' | 'partial' | 'partial-list'; readonly version: 'v1' | 'v1beta1' }
);

/** What is answered: representations differ. */
export type AnswerKind = 'object' | 'list';

const protobuf = 'application/vnd.kubernetes.protobuf';
const produced = ['application/json', 'application/yaml', protobuf];
const listRepresentations = [
  ...produced,
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf;stream=watch',
];

const mediaOf: Readonly<Record<string, 'json' | 'yaml'>> = {
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/*': 'json',
  '*/*': 'json',
};

interface Clause {
  readonly media: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly weight: number;
}

/**
 * Reads an Accept header: the clause with the highest weight that can be served wins, the first among equals.
 * Throws 406. Built-in resources are checked once more by their route, which looks at bare media types only.
 */
export function negotiate(accept: string | undefined, kind: AnswerKind, custom: boolean): AnswerForm {
  if (accept === undefined || accept.trim() === '') return { type: 'plain', media: 'json' };
  const clauses = accept.split(',').map(readClause);
  if (!custom && !clauses.some(({ media }) => media === '*/*' || produced.includes(media))) throw unroutable(kind);
  const byWeight = clauses.toSorted((a, b) => b.weight - a.weight);
  // JSON is what the store holds: protobuf is for those who take nothing else.
  for (const clause of byWeight) {
    const form = formOf(clause, mediaOf[clause.media]);
    if (form !== undefined) return form;
  }
  for (const clause of byWeight) {
    const form = clause.media === protobuf ? formOf(clause, 'protobuf') : undefined;
    if (form !== undefined && isEncodable(form, custom)) return form;
  }
  throw statusError(406, 'NotAcceptable', `only the following media types are accepted: ${produced.join(', ')}`);
}

/** Tables and custom resources have no protobuf form. */
function isEncodable({ type }: AnswerForm, custom: boolean): boolean {
  return type !== 'table' && !(custom && type === 'plain');
}

/** True if the client takes protobuf and nothing else, errors included; tables are none of what it could take. */
export function takesOnlyProtobuf(accept: string | undefined): boolean {
  const clauses = (accept ?? '').split(',').map(readClause);
  const takes = clauses.some(({ media, parameters }) => media === protobuf && parameters.get('as') !== 'Table');
  return takes && !clauses.some(({ media }) => mediaOf[media] !== undefined);
}

function unroutable(kind: AnswerKind): StatusError {
  const representations = kind === 'list' ? listRepresentations : produced;
  return statusError(
    406,
    'NotAcceptable',
    `406: Not Acceptable\n\nAvailable representations: ${representations.join(', ')}`,
    {},
  );
}

function readClause(text: string): Clause {
  const [media = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const equals = parameter.indexOf('=');
    parameters.set(parameter.slice(0, equals), parameter.slice(equals + 1));
  }
  const weight = Number(parameters.get('q') ?? 1);
  return { media: media.toLowerCase(), parameters, weight: Number.isNaN(weight) ? 1 : weight };
}

function formOf({ parameters }: Clause, media: AnswerForm['media'] | undefined): AnswerForm | undefined {
  if (media === undefined) return undefined;
  const as = parameters.get('as') ?? '';
  if (as === '') return { type: 'plain', media };
  const version = parameters.get('v');
  if (parameters.get('g') !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return undefined;
  if (as === 'Table') return { type: 'table', version, media };
  if (as === 'PartialObjectMetadata') return { type: 'partial', version, media };
  return as === 'PartialObjectMetadataList' ? { type: 'partial-list', version, media } : undefined;
}

/** 406 for metadata-only forms that do not fit what is answered; `goType` names it as the real server does. */
export function formMismatch(requested: string, goType: string, isList: boolean): StatusError {
  const is = isList ? 'is a list' : 'is not a list';
  return statusError(406, 'NotAcceptable', `you requested ${requested}, but the requested object ${is} (${goType})`);
}
