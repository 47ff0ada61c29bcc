/** RFC 7234 §5.5 as Kubernetes writes it: code 299, no agent, the text quoted. */
export function warningHeader(text: string): string {
  return `299 - ${quoted(text)}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, (character) => `\\${character}`)}"`;
}

/** Collects the texts of one request; each is told once. */
export class Warnings {
  readonly #texts: string[] = [];

  readonly warn = (text: string): void => {
    if (text !== '' && !this.#texts.includes(text)) this.#texts.push(text);
  };

  get texts(): readonly string[] {
    return this.#texts;
  }
}
