import { encodeMessage, flag, listOf, message, text, wrapped, type Fields } from '../openapi/protobuf-form.ts';

export const protobufType = 'application/vnd.kubernetes.protobuf';

const groupVersion = message(() => ({ groupVersion: [1, text], version: [2, text] }));
const serverAddress = message(() => ({ clientCIDR: [1, text], serverAddress: [2, text] }));

const apiGroup: Fields = {
  name: [1, text],
  versions: [2, listOf(groupVersion)],
  preferredVersion: [3, groupVersion],
  serverAddressByClientCIDRs: [4, listOf(serverAddress)],
};

const apiResource: Fields = {
  name: [1, text],
  namespaced: [2, flag],
  kind: [3, text],
  verbs: [4, wrapped(1, listOf(text))],
  shortNames: [5, listOf(text)],
  singularName: [6, text],
  categories: [7, listOf(text)],
  group: [8, text],
  version: [9, text],
  storageVersionHash: [10, text],
};

/** Fields of the discovery kinds, numbered as in apimachinery's meta/v1. */
const kinds: Readonly<Record<string, Fields>> = {
  APIVersions: { versions: [1, listOf(text)], serverAddressByClientCIDRs: [2, listOf(serverAddress)] },
  APIGroupList: { groups: [1, listOf(message(() => apiGroup))] },
  APIGroup: apiGroup,
  APIResourceList: { groupVersion: [1, text], resources: [2, listOf(message(() => apiResource))] },
};

const magic = Uint8Array.of(0x6b, 0x38, 0x73, 0);

/** A discovery document in Kubernetes' protobuf envelope: magic, then its type and its bytes. */
export function encodeDocument(document: Readonly<Record<string, unknown>>): Uint8Array {
  const { kind, ...fields } = document;
  const envelope: Fields = {
    typeMeta: [1, message(() => ({ apiVersion: [1, text], kind: [2, text] }))],
    raw: [2, message(() => kinds[String(kind)] ?? {})],
  };
  const typeMeta = { apiVersion: 'v1', kind };
  return Buffer.concat([magic, encodeMessage(envelope, 0, { typeMeta, raw: fields })]);
}
