import { Client, credentials as grpcCredentials, type ChannelCredentials } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import type { Clock } from '@reeve/api';
import type { Credentials, Endpoint } from './admin.ts';
import { etcdErrorOf } from './etcd-error.ts';
import { etcdDescriptor } from './protocol.ts';

/** Sends one request to one member. */
export interface Caller {
  call(at: Endpoint, method: string, request: object, timeoutMs?: number): Promise<unknown>;
  keep(addresses: readonly string[]): void;
  close(): void;
}

interface MethodCodec {
  readonly path: string;
  readonly encode: (request: object) => Buffer;
  readonly decode: (bytes: Buffer) => unknown;
}

const codecs: ReadonlyMap<string, MethodCodec> = readCodecs();

/** Keeps one connection per member; a member that comes back is tried again within a second. */
export function connect(clock: Clock, credentials: Credentials | undefined, defaultTimeoutMs = 2000): Caller {
  const channelCredentials = channelCredentialsOf(credentials);
  const clients = new Map<string, Client>();
  return {
    call(at, method, request, timeoutMs = defaultTimeoutMs) {
      const client = clients.get(at.address) ?? open(at, channelCredentials);
      clients.set(at.address, client);
      return send(client, method, request, clock.now() + timeoutMs);
    },
    keep(addresses) {
      for (const [address, client] of clients) {
        if (addresses.includes(address)) continue;
        client.close();
        clients.delete(address);
      }
    },
    close() {
      for (const client of clients.values()) client.close();
      clients.clear();
    },
  };
}

function open({ address, serverName }: Endpoint, credentials: ChannelCredentials): Client {
  return new Client(address, credentials, {
    // The default waits up to two minutes; a killed member is back within a second.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.min_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1000,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 5000,
    'grpc.enable_http_proxy': 0,
    'grpc.use_local_subchannel_pool': 1,
    ...(serverName === undefined
      ? {}
      : { 'grpc.ssl_target_name_override': serverName, 'grpc.default_authority': serverName }),
  });
}

function send(client: Client, method: string, request: object, deadline: number): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const codec = codecs.get(method);
  if (codec === undefined) return Promise.reject(etcdErrorOf(method, 'the protocol has no such method'));
  client.makeUnaryRequest(codec.path, codec.encode, codec.decode, request, { deadline }, (error, answer) => {
    if (error) reject(etcdErrorOf(method, error));
    else resolve(answer);
  });
  return promise;
}

function channelCredentialsOf(credentials: Credentials | undefined): ChannelCredentials {
  if (credentials === undefined) return grpcCredentials.createInsecure();
  const [authority, key, certificate] = [credentials.authority, credentials.key, credentials.certificate].map((pem) =>
    Buffer.from(pem),
  );
  return grpcCredentials.createSsl(authority, key, certificate);
}

function readCodecs(): ReadonlyMap<string, MethodCodec> {
  const methods = new Map<string, MethodCodec>();
  const definitions = fromJSON(etcdDescriptor(), { longs: String, defaults: true, keepCase: true });
  for (const service of Object.values(definitions)) {
    if ('format' in service) continue;
    for (const [name, { path, requestSerialize, responseDeserialize }] of Object.entries(service)) {
      methods.set(name, { path, encode: requestSerialize, decode: responseDeserialize });
    }
  }
  return methods;
}
