/**
 * What no file of a backup may hold, as a Perl-compatible pattern for `grep -aP` in the C locale; matched line by line and
 * against bytes. It holds no single quote. The forms of a private key:
 * - PEM of every kind (RFC 7468; OpenSSH's and OpenPGP's armor; RFC 4716), encrypted or not, PuTTY's file, an age identity
 * - the private member of a JSON Web Key (RFC 7517)
 * - base64 without armor: a DER sequence that begins with the version number of PKCS #1, PKCS #8, SEC 1 or PKCS #12, which
 *   certificates and public keys do not
 */
export const keyPattern = [
  String.raw`-{4,5} ?BEGIN [A-Z0-9 ]*PRIVATE KEY`,
  'PuTTY-User-Key-File-',
  'AGE-SECRET-KEY-1',
  String.raw`"[dk]"\s*:\s*"[A-Za-z0-9_-]{32,}"`,
  `(?<![A-Za-z0-9+/])(${[
    'MII[A-Za-z0-9+/]{2}[AQgw]IBA', // 30 82 LL LL 02 01 0V
    'MI[GH][A-Za-z0-9+/]AgE[ABD]', // 30 81 LL 02 01 0V
    'M[A-H][AEIMQUYcgkosw048]CAQ[AEM]', // 30 LL 02 01 0V
  ].join('|')})`,
].join('|');

/**
 * A byte that no text file holds. Whatever is not text stays out, since nobody can see whether it holds a key: DER, key
 * stores, archives. In a binary file of 100 random bytes there is none of these 28 with a probability of 1 to 100,000.
 */
export const binaryPattern = String.raw`[\x00-\x08\x0b\x0e-\x1f\x7f]`;
