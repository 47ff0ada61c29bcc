type Environment = Readonly<Record<string, string | undefined>>;

const either = (env: Environment, name: string): string | undefined =>
  env[name] || env[name.toLowerCase()] || undefined;

function isExempt(host: string, noProxy: string): boolean {
  return noProxy
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .some(
      (entry) => entry === '*' || host === entry.replace(/^\./, '') || host.endsWith(`.${entry.replace(/^\./, '')}`),
    );
}

/** The proxy that the environment names for a server (HTTPS_PROXY, HTTP_PROXY, NO_PROXY). */
export function environmentProxy(server: string, env: Environment): string | undefined {
  if (!URL.canParse(server)) return undefined;
  const { protocol, hostname } = new URL(server);
  const loopback = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  if (loopback || isExempt(hostname, either(env, 'NO_PROXY') ?? '')) return undefined;
  return either(env, protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY');
}
