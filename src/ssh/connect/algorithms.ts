/**
 * Which uses of SHA-1 the user's OpenSSH configuration names. It can be forged (RFC 8332 §1, OpenSSH 8.8), so none of
 * them is made unasked; only very old servers have nothing else.
 */
export interface Sha1Uses {
  /** Message authentication codes (`MACs`). */
  macs: string[];
  /** `ssh-rsa` of a host key (`HostKeyAlgorithms`). */
  hostKeys: boolean;
  /** `ssh-rsa` of a login (`PubkeyAcceptedAlgorithms`, before OpenSSH 8.5 `PubkeyAcceptedKeyTypes`). */
  logins: boolean;
}

/** @param one the value of a keyword of the configuration, in lower case: a list, perhaps with `+`, `-` or `^` before it */
export function sha1Uses(one: (keyword: string) => string | undefined): Sha1Uses {
  const names = (keyword: string, name: string) => {
    const list = one(keyword) ?? '';
    return !list.startsWith('-') && list.replace(/^[+^]/, '').split(',').includes(name);
  };
  return {
    macs: sha1Macs.filter(mac => names('macs', mac)),
    hostKeys: names('hostkeyalgorithms', 'ssh-rsa'),
    logins: ['pubkeyacceptedalgorithms', 'pubkeyacceptedkeytypes'].some(keyword => names(keyword, 'ssh-rsa')),
  };
}

const macs = ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'];
const sha1Macs = ['hmac-sha1-etm@openssh.com', 'hmac-sha1'];

/** The message authentication codes to offer, the preferred first. */
export function macAlgorithms(sha1: Sha1Uses): string[] {
  return [...macs, ...sha1.macs];
}

/** The types of host keys this client can verify, in OpenSSH's order of preference. */
export const hostKeyTypes: readonly string[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
];

/** The algorithms by which a host key of this type may sign. */
export function hostKeyAlgorithms(type: string, sha1: Sha1Uses): string[] {
  return type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', ...(sha1.hostKeys ? ['ssh-rsa'] : [])] : [type];
}

/** What the server offers in the key exchange. ssh2 tells it to its debug log alone: `Handshake: (remote) KIND: a,b`. */
export class Offers {
  readonly #lists = new Map<string, string[]>();

  note(line: string): void {
    const match = /^Handshake: \(remote\) ([^:]+): (.*)$/.exec(line);
    // Names of RFC 4251 §6, as the text comes from whoever answers.
    if (match)
      this.#lists.set(
        match[1]!,
        match[2]!.split(',').filter(name => /^[\w@.+-]{1,64}$/.test(name)),
      );
  }

  of(kind: string): string[] {
    return this.#lists.get(kind) ?? [];
  }
}
