import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  readlinkSync,
  readdirSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { samePayload } from './payload.ts';
import type { Payload } from './payload.ts';

const current = '..data';

/**
 * Writes files into a volume so that readers always see one consistent set: each set goes to a directory of its own,
 * and the link `..data` moves to it in one step. The files' names at the top are links through `..data`.
 */
export class PayloadWriter {
  readonly #directory: string;
  #written: Payload | undefined;
  #generation = 0;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
  }

  /** Does nothing when the files are as they were. */
  write(payload: Payload): void {
    if (this.#written !== undefined && samePayload(this.#written, payload)) return;
    const before = this.#currentName();
    const name = `..${process.pid}_${++this.#generation}`;
    for (const [path, { content, mode }] of payload) {
      const file = join(this.#directory, name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      chmodSync(file, mode);
    }
    mkdirSync(join(this.#directory, name), { recursive: true });
    symlinkSync(name, join(this.#directory, '..data_tmp'));
    renameSync(join(this.#directory, '..data_tmp'), join(this.#directory, current));
    this.#linkNames(payload);
    if (before !== undefined) rmSync(join(this.#directory, before), { recursive: true, force: true });
    this.#written = payload;
  }

  #currentName(): string | undefined {
    try {
      return readlinkSync(join(this.#directory, current));
    } catch {
      return undefined;
    }
  }

  #linkNames(payload: Payload): void {
    const wanted = new Set([...payload.keys()].map((path) => path.split('/')[0] ?? ''));
    const present = new Set(readdirSync(this.#directory).filter((name) => !name.startsWith('..')));
    for (const name of wanted) {
      if (!present.has(name)) symlinkSync(join(current, name), join(this.#directory, name));
    }
    for (const name of present) {
      if (!wanted.has(name)) rmSync(join(this.#directory, name), { recursive: true });
    }
  }
}
