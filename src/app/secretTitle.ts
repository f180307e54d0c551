import { dnsProviders } from '../provision/dnsProviders';
import type { SecretName } from './secrets';

/** A stored secret as people know it, without its value. */
export function secretTitle([kind, of, at]: SecretName): string {
  switch (kind) {
    case 'password':
      return `Password of ${of}`;
    case 'passphrase':
      return `Passphrase of ${of}`;
    case 'dnsKeys':
      return `Keys of ${dnsProviders.find(provider => provider.id === of)?.title ?? of} for ${at}`;
    case 'tsigKey':
      return `TSIG key for ${of} at ${at}`;
  }
}
