import type { fromJSON } from '@grpc/proto-loader';

type Fields = Readonly<Record<string, string>>;

interface Field {
  readonly rule?: 'repeated';
  readonly type: string;
  readonly id: number;
}

/** `name: 'type number'` in the words of a .proto file; `repeated` where a list. */
const messages: Readonly<Record<string, Fields>> = {
  ResponseHeader: { clusterId: 'uint64 1', memberId: 'uint64 2', revision: 'int64 3', raftTerm: 'uint64 4' },
  Member: {
    ID: 'uint64 1',
    name: 'string 2',
    peerURLs: 'repeated string 3',
    clientURLs: 'repeated string 4',
    isLearner: 'bool 5',
  },
  MemberAddRequest: { peerURLs: 'repeated string 1', isLearner: 'bool 2' },
  MemberAddResponse: { header: 'ResponseHeader 1', member: 'Member 2', members: 'repeated Member 3' },
  MemberRemoveRequest: { ID: 'uint64 1' },
  MemberListRequest: { linearizable: 'bool 1' },
  MemberPromoteRequest: { ID: 'uint64 1' },
  MembersResponse: { header: 'ResponseHeader 1', members: 'repeated Member 2' },
  StatusRequest: {},
  StatusResponse: {
    header: 'ResponseHeader 1',
    version: 'string 2',
    dbSize: 'int64 3',
    leader: 'uint64 4',
    raftIndex: 'uint64 5',
    raftTerm: 'uint64 6',
    raftAppliedIndex: 'uint64 7',
    errors: 'repeated string 8',
    dbSizeInUse: 'int64 9',
    isLearner: 'bool 10',
  },
  HashKVRequest: { revision: 'int64 1' },
  HashKVResponse: { header: 'ResponseHeader 1', hash: 'uint32 2', compactRevision: 'int64 3' },
  MoveLeaderRequest: { targetID: 'uint64 1' },
  MoveLeaderResponse: { header: 'ResponseHeader 1' },
  RangeRequest: {
    key: 'bytes 1',
    rangeEnd: 'bytes 2',
    limit: 'int64 3',
    serializable: 'bool 7',
    countOnly: 'bool 9',
  },
  KeyValue: {
    key: 'bytes 1',
    createRevision: 'int64 2',
    modRevision: 'int64 3',
    version: 'int64 4',
    value: 'bytes 5',
  },
  RangeResponse: { header: 'ResponseHeader 1', kvs: 'repeated KeyValue 2', more: 'bool 3', count: 'int64 4' },
  PutRequest: { key: 'bytes 1', value: 'bytes 2' },
  PutResponse: { header: 'ResponseHeader 1' },
};

/** `Method: [request, response]`. */
const services: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>> = {
  Cluster: {
    MemberAdd: ['MemberAddRequest', 'MemberAddResponse'],
    MemberRemove: ['MemberRemoveRequest', 'MembersResponse'],
    MemberList: ['MemberListRequest', 'MembersResponse'],
    MemberPromote: ['MemberPromoteRequest', 'MembersResponse'],
  },
  Maintenance: {
    Status: ['StatusRequest', 'StatusResponse'],
    HashKV: ['HashKVRequest', 'HashKVResponse'],
    MoveLeader: ['MoveLeaderRequest', 'MoveLeaderResponse'],
  },
  KV: { Range: ['RangeRequest', 'RangeResponse'], Put: ['PutRequest', 'PutResponse'] },
};

/**
 * The part of etcd's API v3 that the operator speaks, as a protobufjs descriptor. Field numbers are the protocol's
 * (api/etcdserverpb/rpc.proto); enums travel as numbers.
 */
export function etcdDescriptor(): Parameters<typeof fromJSON>[0] {
  const types = Object.entries(messages).map(([name, fields]) => [name, { fields: mapValues(fields, field) }] as const);
  const rpcs = Object.entries(services).map(
    ([name, methods]) => [name, { methods: mapValues(methods, method) }] as const,
  );
  return { nested: { etcdserverpb: { nested: Object.fromEntries([...types, ...rpcs]) } } };
}

function field(text: string): Field {
  const words = text.split(' ');
  const [type = '', id = ''] = words.slice(-2);
  return { ...(words.length === 3 ? { rule: 'repeated' as const } : {}), type, id: Number(id) };
}

function method([requestType, responseType]: readonly [string, string]): {
  readonly requestType: string;
  readonly responseType: string;
} {
  return { requestType, responseType };
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, map: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
