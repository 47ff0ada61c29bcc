/** RFC 7234 §5.5 as Kubernetes writes it: code 299, no agent, the text quoted. Headers hold bytes: UTF-8 as Latin-1. */
export function warningHeader(text: string): string {
  return Buffer.from(`299 - ${quoted(text)}`, 'utf8').toString('latin1');
}

function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, (character) => `\\${character}`)}"`;
}

/** Beyond so many characters in all, each text is cut, and no more are told once the cut ones add up to that. */
const totalLimit = 4096;
const textLimit = 256;

/** Characters as Go counts them: code points. */
const lengthOf = (text: string): number => Array.from(text).length;

/** The texts that are sent of those that were given. */
export function withinLimits(texts: readonly string[]): readonly string[] {
  if (texts.reduce((sum, text) => sum + lengthOf(text), 0) <= totalLimit) return texts;
  const sent: string[] = [];
  let written = 0;
  for (const text of texts) {
    if (written >= totalLimit) break;
    const cut = Array.from(text).slice(0, textLimit);
    written += cut.length;
    sent.push(cut.join(''));
  }
  return sent;
}

/** Collects the texts of one request; each is told once, none that a header cannot hold. */
export class Warnings {
  readonly #texts: string[] = [];

  readonly warn = (text: string): void => {
    if (text === '' || this.#texts.includes(text) || /\p{Cc}/u.test(text)) return;
    this.#texts.push(text);
  };

  get texts(): readonly string[] {
    return this.#texts;
  }
}
