import { splitAddress } from '../normalize';
import type { Version } from '../versions';
import { removeDropCharacters, removeDropsAndSuffix, type Separators } from './clean';
import type { Recipient } from './model';

/** chasquid's `aliases.recursionLimit`. */
export const recursionLimit = 10;
export const recursionError = 'recursion limit exceeded';

/** Everything that decides where an address leads, besides the hook. */
export interface AliasWorld extends Separators {
  version: Version;
  /** The local domains, normalised. */
  domains: ReadonlySet<string>;
  aliases: { get(key: string): Recipient[] | undefined };
  /** Whether the domain's user database holds exactly this user. */
  userExists(user: string, domain: string): boolean;
}

export type Resolution = { recipients: Recipient[]; error?: undefined } | { recipients?: undefined; error: string };

/** chasquid's `aliases.Resolver.Resolve` (internal/aliases/aliases.go). One branch that fails fails the whole. */
export function resolveAddress(world: AliasWorld, address: string): Resolution {
  const recipients: Recipient[] = [];
  return collect(world, 0, address, recipients) ? { recipients } : { error: recursionError };
}

function collect(world: AliasWorld, depth: number, address: string, into: Recipient[]): boolean {
  if (depth >= recursionLimit) return false;
  const step = resolveStep(world, address);
  if (step.end !== undefined) {
    into.push({ type: 'email', address: step.end });
    return true;
  }
  for (const recipient of step.next) {
    if (recipient.type !== 'email') into.push(recipient);
    else if (!collect(world, depth + 1, recipient.address, into)) return false;
  }
  return true;
}

/** One level of resolution: either the mail goes to `end`, or on to `next` (of which only e-mail addresses resolve further). */
export type Step =
  { end: string; next?: undefined } | { end?: undefined; next: readonly Recipient[]; catchAll: boolean; key: string };

export function resolveStep(world: AliasWorld, address: string): Step {
  const domain = address.slice(address.indexOf('@') + 1 || address.length);
  if (!world.domains.has(domain)) return { end: address };
  let key = keyFor(world, address);
  let found = world.aliases.get(key) ?? [];
  let catchAll = false;
  if (found.length === 0) {
    const cleaned = removeDropsAndSuffix(address, world);
    const cleanedKey = keyFor(world, cleaned);
    if (cleanedKey !== key) found = world.aliases.get((key = cleanedKey)) ?? [];
    if (found.length > 0) return { next: expand(world, found, address), catchAll: false, key };
    // The user is looked up as it was received, with its suffix and drop characters: chasquid does so in every version.
    if (!world.version.features.catchAll || world.userExists(...splitAddress(address))) return { end: cleaned };
    key = keyFor(world, `*@${domain}`);
    found = world.aliases.get(key) ?? [];
    if (found.length === 0) return { end: cleaned };
    catchAll = true;
  }
  return { next: expand(world, found, address), catchAll, key };
}

/** What `aliases.lookup` looks for. Before 1.12 the caller has cleaned the address and the map is asked as it is. */
function keyFor(world: AliasWorld, address: string): string {
  if (world.version.features.cleanLeftSide) return removeDropCharacters(address, world);
  return address.startsWith('*@') ? address : removeDropsAndSuffix(address, world);
}

/** Puts the user for `*` in the targets (≥ 1.16). */
export function expand(world: AliasWorld, recipients: readonly Recipient[], address: string): readonly Recipient[] {
  const star = (recipient: Recipient) => recipient.type !== 'pipe' && recipient.address.startsWith('*@');
  if (!world.version.features.starTarget || !recipients.some(star)) return recipients;
  const [user] = splitAddress(address);
  return recipients.map(each => (star(each) ? { ...each, address: `${user}${each.address.slice(1)}` } : each));
}

/** chasquid's `aliases.Resolver.Exists`: whether an alias or a catch-all answers for the address. Users are not asked. */
export function aliasExists(world: AliasWorld, address: string): boolean {
  const has = (key: string) => (world.aliases.get(key)?.length ?? 0) > 0;
  const cleaned = removeDropsAndSuffix(address, world);
  if (!world.version.features.cleanLeftSide) {
    const local = world.domains.has(splitAddress(address)[1]);
    const key = local ? cleaned : address;
    return has(key) || (world.version.features.catchAll && has(`*@${splitAddress(key)[1]}`));
  }
  return [address, cleaned, `*@${splitAddress(cleaned)[1]}`].some(each => has(removeDropCharacters(each, world)));
}

/** Whether chasquid accepts mail for a local address: an alias answers, or the cleaned user exists (conn.go: `userExists`). */
export function addressExists(world: AliasWorld, address: string): boolean {
  return aliasExists(world, address) || world.userExists(...splitAddress(removeDropsAndSuffix(address, world)));
}
