import type { StaticToken } from '../options.ts';

/** Splits one line of comma-separated values; quotes may hold commas, `""` is a quote (RFC 4180). */
function fields(line: string): readonly string[] {
  const found: string[] = [];
  const pattern = /(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/gy;
  for (const match of line.matchAll(pattern)) found.push((match[1]?.replaceAll('""', '"') ?? match[2] ?? '').trim());
  return found;
}

/** Reads a token file of kube-apiserver: `token,user,uid,"group1,group2"` a line; lines of fewer fields are skipped. */
export function parseTokenFile(text: string): readonly StaticToken[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [token = '', user = '', uid = '', groups = ''] = fields(line);
    if (token === '' || user === '' || line.startsWith('#')) return [];
    return [{ token, user, uid, groups: groups === '' ? [] : groups.split(',').map((group) => group.trim()) }];
  });
}
