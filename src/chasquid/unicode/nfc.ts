import { isAssigned } from './classes';

/** NFC as Unicode 13 has it: characters assigned later neither compose nor reorder. */
export function nfc(text: string): string {
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
