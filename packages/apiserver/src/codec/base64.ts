const CLEAN = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Where Go's decoder finds base64 broken. Line breaks are skipped but counted. */
function brokenAt(text: string): number {
  let inQuantum = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? '';
    if (character === '\n' || character === '\r') continue;
    if (character === '=') return paddingBrokenAt(text, i, inQuantum);
    if (!/[A-Za-z0-9+/]/.test(character)) return i;
    inQuantum = (inQuantum + 1) % 4;
  }
  return text.length - inQuantum;
}

function paddingBrokenAt(text: string, at: number, inQuantum: number): number {
  if (inQuantum < 2) return at;
  const rest = text.slice(at + 1).replaceAll(/[\r\n]/g, '');
  if (inQuantum === 2 && !rest.startsWith('=')) return rest === '' ? text.length : at + 1;
  return at + (inQuantum === 2 ? 2 : 1);
}

/** The canonical form of base64 text, or the byte at which Go finds it broken. */
export function canonicalBase64(text: string): string | { readonly brokenAt: number } {
  const compact = /[\r\n]/.test(text) ? text.replaceAll(/[\r\n]/g, '') : text;
  if (!CLEAN.test(compact)) return { brokenAt: brokenAt(text) };
  return compact.endsWith('=') ? Buffer.from(compact, 'base64').toString('base64') : compact;
}
