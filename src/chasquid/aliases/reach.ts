import { type AliasWorld, recursionLimit, resolveStep } from './resolve';
import type { Recipient } from './model';

/**
 * How deep resolution goes from many addresses, in linear time: chasquid itself walks every path again. A depth is the number
 * of expansions until nothing is left to expand; `Infinity` from `recursionLimit` on, where chasquid gives up.
 */
export class Reach {
  private readonly exact = new Map<string, number>();
  /** The largest budget with which an address was found to go deeper. */
  private readonly beyond = new Map<string, number>();

  constructor(private readonly world: AliasWorld) {}

  /** Depth below the recipients of one entry, themselves being one expansion. */
  ofRecipients(recipients: readonly Recipient[], budget = recursionLimit - 1): number {
    let depth = 0;
    for (const { type, address } of recipients) {
      if (type !== 'email') continue;
      if (budget === 0) return Infinity;
      depth = Math.max(depth, 1 + this.of(address, budget - 1));
      if (depth === Infinity) return Infinity;
    }
    return depth;
  }

  private of(address: string, budget: number): number {
    if (!this.world.domains.has(address.slice(address.indexOf('@') + 1))) return 0;
    const known = this.exact.get(address);
    if (known !== undefined) return known <= budget ? known : Infinity;
    if ((this.beyond.get(address) ?? -1) >= budget) return Infinity;
    const step = resolveStep(this.world, address);
    const depth = step.next ? this.ofRecipients(step.next, budget) : 0;
    if (depth === Infinity) this.beyond.set(address, budget);
    else this.exact.set(address, depth);
    return depth;
  }

  /** One way from an address over its recipients into the depth where chasquid gives up, until an address comes again. */
  path(from: string, recipients: readonly Recipient[]): { addresses: string[]; repeats: boolean } {
    const addresses = [from];
    let next = recipients;
    for (let budget = recursionLimit - 1; budget > 0; budget--) {
      const deep = next.find(({ type, address }) => type === 'email' && this.of(address, budget - 1) === Infinity);
      if (!deep) break;
      if (addresses.includes(deep.address)) return { addresses: [...addresses, deep.address], repeats: true };
      addresses.push(deep.address);
      const step = resolveStep(this.world, deep.address);
      if (!step.next) break;
      next = step.next;
    }
    return { addresses, repeats: false };
  }
}
