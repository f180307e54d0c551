import { normalizeUser, splitAddress } from '../normalize';
import { printable } from '../text';

/** The separators of `chasquid.conf` that say which spellings of a user are the same. */
export interface Separators {
  suffixSeparators: string;
  dropCharacters: string;
}

/** chasquid's `aliases.RemoveDropCharacters` (≥ 1.12): drop characters go, but only before the first suffix separator. */
export function removeDropCharacters(address: string, separators: Separators): string {
  if (isPlain(address, separators)) return address;
  const { suffixSeparators, dropCharacters } = separators;
  const [user, domain] = splitAddress(address);
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
export function removeDropsAndSuffix(address: string, separators: Separators): string {
  if (isPlain(address, separators)) return address;
  const { suffixSeparators, dropCharacters } = separators;
  const [user, domain] = splitAddress(address);
  let kept = user;
  for (const separator of suffixSeparators) {
    const at = kept.indexOf(separator);
    if (at >= 0) kept = kept.slice(0, at);
  }
  for (const char of dropCharacters) kept = kept.replaceAll(char, '');
  return `${normalizedOrRaw(kept)}@${domain}`;
}

/** Addresses in which nothing is to be removed or normalised, the usual case: one pattern for each pair of separators. */
const plainPatterns = new Map<string, RegExp>();

function isPlain(address: string, { suffixSeparators, dropCharacters }: Separators): boolean {
  const unwanted = suffixSeparators + dropCharacters;
  let pattern = plainPatterns.get(unwanted);
  if (!pattern) {
    let wanted = '';
    for (let code = 0x21; code < 0x7f; code++) {
      const char = String.fromCharCode(code);
      if (!/[A-Z@]/.test(char) && !unwanted.includes(char)) wanted += `\\x${code.toString(16)}`;
    }
    plainPatterns.set(unwanted, (pattern = new RegExp(`^[${wanted}]*@`)));
  }
  return pattern.test(address);
}

function normalizedOrRaw(user: string): string {
  return normalizeUser(user).value ?? user;
}
