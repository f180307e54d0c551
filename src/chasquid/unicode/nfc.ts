import { isAssigned } from './classes';

/** NFC as golang.org/x/text 0.7 has it. */
export function nfc(text: string): string {
  return composeBeyond(normalize(text));
}

/** NFC of Unicode 13: characters assigned later neither compose nor reorder. */
function normalize(text: string): string {
  const composed = text.normalize('NFC');
  if (composed === text || Array.from(text).every(char => isAssigned(char.codePointAt(0)!))) return composed;
  let result = '';
  let known = '';
  for (const char of text) {
    if (isAssigned(char.codePointAt(0)!)) known += char;
    else {
      result += known.normalize('NFC') + char;
      known = '';
    }
  }
  return result + known.normalize('NFC');
}

/**
 * golang.org/x/text looks pairs up by 16 bits of each character: one beyond U+FFFF composes as the one whose number its last
 * 16 bits are.
 */
function composeBeyond(text: string): string {
  return text.replace(/([\u{10000}-\u{10ffff}])(\p{M}+)/gu, (whole, base: string, marks: string) => {
    const cut = String.fromCharCode(base.codePointAt(0)! & 0xffff);
    if (normalize(cut) !== cut || /\p{M}/u.test(cut)) return whole;
    const composed = normalize(cut + marks);
    const apart = cut.normalize('NFD') + marks.normalize('NFD');
    return composed.startsWith(cut) || composed.normalize('NFD') !== apart ? whole : composed;
  });
}
