import { hashOf } from './plain';
import type { Entry, LineError, Recipient } from './model';

export type FileError = LineError & { line: number };

/** Answers by key, without holding all that could be asked. */
export type AliasMap = Pick<AliasIndex, 'get' | 'has'>;

/**
 * What an aliases file says, by key; of two lines with the same key the later one. All keys are of the file's domain. Holds
 * numbers only: 100,000 names more to keep alive cost as much as reading their lines again.
 */
export class AliasIndex {
  /** Open addressing: the line that counts, plus 1. */
  private slots: Int32Array;
  /** By line. */
  private readonly hashes: Int32Array;
  /** The line that overrides a line. */
  private readonly later = new Map<number, number>();
  private readonly own: string;
  /** How many keys there are. */
  size = 0;
  /** Why chasquid refuses the file as a whole. */
  error?: FileError;
  private all: Map<string, Recipient[]> | undefined;

  /** @param entry what each of the `lineCount` lines contributes. */
  constructor(
    domain: string,
    lineCount: number,
    private readonly entry: (line: number) => Entry | undefined,
  ) {
    this.own = `@${domain}`;
    this.hashes = new Int32Array(lineCount);
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(lineCount + 1) + 1));
  }

  /**
   * Lines must come in their order.
   * @param hash of the line's user
   */
  add(hash: number, line: number): void {
    this.hashes[line] = hash;
    const mask = this.slots.length - 1;
    let user: string | undefined;
    let slot = spread(hash) & mask;
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const other = this.slots[slot]! - 1;
      if (this.hashes[other] !== hash) continue;
      user ??= this.entry(line)!.user;
      if (this.entry(other)!.user !== user) continue;
      this.later.set(other, line);
      this.slots[slot] = line + 1;
      return;
    }
    this.slots[slot] = line + 1;
    this.size++;
  }

  /** The line that counts for a key. */
  lineOf(key: string): number | undefined {
    return this.find(key)?.line;
  }

  private find(key: string): { line: number; entry: Entry } | undefined {
    const length = key.length - this.own.length;
    if (length !== key.indexOf('@') || !key.endsWith(this.own)) return undefined;
    const user = key.slice(0, length);
    const hash = hashOf(user);
    const mask = this.slots.length - 1;
    for (let slot = spread(hash) & mask; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const line = this.slots[slot]! - 1;
      if (this.hashes[line] !== hash) continue;
      const entry = this.entry(line);
      if (entry?.user === user) return { line, entry };
    }
    return undefined;
  }

  /** The last line with the same key, when it is another one: it overrides this one. */
  overriding(line: number): number | undefined {
    const passed: number[] = [];
    let last = line;
    for (let next = this.later.get(last); next !== undefined; next = this.later.get(next)) passed.push((last = next));
    // Remembered for all on the way: of a name that stands there 100,000 times each line would be gone over as often.
    for (const each of [line, ...passed]) if (each !== last) this.later.set(each, last);
    return last === line ? undefined : last;
  }

  get(key: string): Recipient[] | undefined {
    return this.find(key)?.entry.recipients;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /** The keys with the line that counts for each. */
  *keys(): Iterable<[key: string, line: number]> {
    const counting = this.slots.filter(slot => slot !== 0).sort();
    for (const slot of counting) yield [this.entry(slot - 1)!.user + this.own, slot - 1];
  }

  /** Everything at once. */
  get recipients(): Map<string, Recipient[]> {
    return (this.all ??= new Map([...this.keys()].map(([key, line]) => [key, this.entry(line)!.recipients])));
  }
}

/** Makes the low bits depend on all of them. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return mixed ^ (mixed >>> 16);
}
