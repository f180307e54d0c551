import type { TsigKey } from './tsig';

const algorithms = ['hmac-sha256', 'hmac-sha384', 'hmac-sha512'] as const;

/**
 * Reads a TSIG key as people have it: `hmac-sha256:NAME:SECRET` (what `nsupdate -y` takes), or BIND's `key "NAME" { … };`.
 * @throws RangeError in words for the user; the secret is never part of it.
 */
export function parseTsigKey(text: string): TsigKey {
  const block = /key\s+"?([^\s"{]+)"?\s*\{([^{}]*)\}/.exec(text);
  const field = (name: string) => new RegExp(`${name}\\s+"?([^\\s";]+)"?\\s*;`).exec(block?.[2] ?? '')?.[1];
  const [first = '', second = '', third] = block
    ? [field('algorithm') ?? '', block[1]!, field('secret')]
    : text.trim().split(':');
  const [given, name, secret] = third === undefined ? ['hmac-sha256', first, second] : [first, second, third];
  const algorithm = algorithms.find(item => item === given.toLowerCase().replace(/\.$/, ''));
  if (!algorithm)
    throw new RangeError(
      `This key’s algorithm is not supported. Keys of ${algorithms.join(', ')} can be used. Create one with “tsig-keygen -a hmac-sha256 NAME”.`,
    );
  if (!/^[A-Za-z0-9_.-]{1,253}$/.test(name))
    throw new RangeError(
      'This is not a TSIG key: it has no name. A key has an algorithm, a name and a secret. Write it as hmac-sha256:NAME:SECRET.',
    );
  if (!/^[A-Za-z0-9+/]{8,}={0,2}$/.test(secret))
    throw new RangeError(
      'The key’s secret is not base64. It may have been truncated when it was copied. Copy it again in full.',
    );
  return { name: name.replace(/\.$/, ''), algorithm, secret };
}
