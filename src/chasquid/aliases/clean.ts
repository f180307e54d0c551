import { normalizeUser, splitAddress } from '../normalize';
import { printable } from '../text';

/** The separators of `chasquid.conf` that say which spellings of a user are the same. */
export interface Separators {
  suffixSeparators: string;
  dropCharacters: string;
}

/** chasquid's `aliases.RemoveDropCharacters` (≥ 1.12): drop characters go, but only before the first suffix separator. */
export function removeDropCharacters(address: string, { suffixSeparators, dropCharacters }: Separators): string {
  const [user, domain] = splitAddress(address);
  if (isPlain(user, suffixSeparators) && isPlain(user, dropCharacters))
    return address.includes('@') ? address : `${address}@`;
  let kept = '';
  let rest = '';
  let at = 0;
  for (const char of user) {
    if (suffixSeparators.includes(char)) {
      rest = user.slice(at);
      break;
    }
    if (!dropCharacters.includes(char)) kept += printable(char);
    at += char.length;
  }
  return `${normalizedOrRaw(kept + rest)}@${domain}`;
}

/** chasquid's `aliases.RemoveDropsAndSuffix`, before 1.12 `cleanIfLocal`: the suffix and every drop character go. */
export function removeDropsAndSuffix(address: string, { suffixSeparators, dropCharacters }: Separators): string {
  const [user, domain] = splitAddress(address);
  if (isPlain(user, suffixSeparators) && isPlain(user, dropCharacters))
    return address.includes('@') ? address : `${address}@`;
  let kept = user;
  for (const separator of suffixSeparators) {
    const at = kept.indexOf(separator);
    if (at >= 0) kept = kept.slice(0, at);
  }
  for (const char of dropCharacters) kept = kept.replaceAll(char, '');
  return `${normalizedOrRaw(kept)}@${domain}`;
}

/** The usual case: nothing to remove and nothing to normalise. */
function isPlain(user: string, without: string): boolean {
  for (const char of without) if (user.includes(char)) return false;
  return /^[!-?[-~]*$/.test(user);
}

function normalizedOrRaw(user: string): string {
  return normalizeUser(user).value ?? user;
}
