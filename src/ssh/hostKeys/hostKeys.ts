import { hostKeyAlgorithms, hostKeyTypes } from '../connect/algorithms';
import type { HostConfig } from '../config/config';
import { HostKeyChangedError, HostKeyError, type ShownKey } from '../errors';
import { keyType, md5Fingerprint, sha256Fingerprint } from '../keys/fingerprint';
import { type KnownHost, knownHostName, readKnownHosts, speaksOf } from './knownHosts';
import type { SshDeps } from '../config/target';
import type { TrustedKey } from './trustStore';

type HostKeyConfig = Pick<
  HostConfig,
  'host' | 'port' | 'hostKeyAlias' | 'knownHostsFiles' | 'strictHostKeyChecking' | 'name' | 'sha1'
>;

/** What is known about the keys of one server before it is spoken to. */
export class HostKeys {
  private constructor(
    private readonly config: HostKeyConfig,
    /** The name under which the server is looked up and remembered. */
    readonly lookup: string,
    private readonly known: readonly (TrustedKey & { where: string })[],
    /** Keys known for the host without its port: they may vouch for it, but never contradict (as OpenSSH has it). */
    private readonly portless: readonly string[],
    private readonly revoked: readonly KnownHost[],
    private readonly authorities: readonly KnownHost[],
  ) {}

  /** @throws HostKeyError `known-hosts-unreadable` */
  static async load(config: HostKeyConfig, deps: Pick<SshDeps, 'trustStore'>): Promise<HostKeys> {
    const lookup = config.hostKeyAlias ?? knownHostName(config.host, config.port);
    const [lines, trusted] = await Promise.all([readKnownHosts(config.knownHostsFiles), deps.trustStore.get(lookup)]);
    const mine = lines.filter(line => speaksOf(line, lookup));
    const portless = config.hostKeyAlias || config.port === 22 ? [] : lines.filter(line => speaksOf(line, config.host));
    return new HostKeys(
      config,
      lookup,
      [
        ...mine.filter(line => !line.marker).map(line => ({ ...line, where: `${line.file}:${line.line}` })),
        ...trusted.map(key => ({ where: 'the extension’s own list of accepted keys', ...key })),
      ],
      portless.filter(line => !line.marker).map(line => line.key),
      [...mine, ...portless].filter(line => line.marker === 'revoked'),
      mine.filter(line => line.marker === 'cert-authority'),
    );
  }

  /**
   * The algorithms to offer, those of the keys already known first: so a server with several keys shows the one we
   * know, and a second type never looks like a change.
   */
  algorithms(): string[] {
    const familiar = hostKeyTypes.filter(type => this.known.some(key => key.type === type));
    const types = [...familiar, ...hostKeyTypes.filter(type => !familiar.includes(type))];
    return types.flatMap(type => hostKeyAlgorithms(type, this.config.sha1));
  }

  /**
   * Decides about the key a server presents, asking the user when it is new.
   * @returns whether the key should be remembered once the server has proved that it owns it
   * @throws HostKeyError when the server must not be spoken to
   */
  async verify(blob: Buffer, deps: Pick<SshDeps, 'prompts' | 'log'>, signal?: AbortSignal): Promise<boolean> {
    const presented = shown(blob);
    const revoked = this.revoked.find(line => sameKey(line.key, blob));
    if (revoked) throw this.revokedError(presented, revoked);
    if ([...this.known.map(key => key.key), ...this.portless].some(key => sameKey(key, blob))) return false;
    const rivals = this.known.filter(key => hostKeyTypes.includes(key.type));
    if (rivals.length > 0) throw this.changedError(presented, rivals);
    return this.decideUnknown(blob, presented, deps, signal);
  }

  private async decideUnknown(
    blob: Buffer,
    presented: ShownKey,
    deps: Pick<SshDeps, 'prompts' | 'log'>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const authority = this.authorities[0];
    const note =
      authority &&
      `${authority.file}:${authority.line} trusts a certificate authority for this host; host certificates are not supported here, so the plain key is shown.`;
    if (note) deps.log('warn', note);
    if (this.config.strictHostKeyChecking === 'yes') {
      throw new HostKeyError(
        'host-key-unknown',
        {
          what: `The host key of ${this.lookup} is unknown.`,
          why: `StrictHostKeyChecking is "yes" and no known_hosts file has its ${presented.type} key ${presented.sha256}.${note ? ` (${note})` : ''}`,
          fix: 'Add the key to known_hosts after comparing the fingerprint with the one your provider shows.',
        },
        presented,
      );
    }
    if (this.config.strictHostKeyChecking === 'accept-new') {
      deps.log('info', `Accepting the new ${presented.type} key ${presented.sha256} of ${this.lookup}.`);
      return true;
    }
    const { host, port } = this.config;
    const accepted = await deps.prompts.unknownHostKey(
      { host, port, type: presented.type, sha256: presented.sha256, md5: md5Fingerprint(blob), ...(note && { note }) },
      signal,
    );
    if (accepted) return true;
    throw new HostKeyError(
      'host-key-declined',
      {
        what: `The host key of ${this.lookup} was not accepted.`,
        why: `You did not confirm its ${presented.type} key ${presented.sha256}.`,
        fix: 'Compare the fingerprint with the one your provider shows, then connect again.',
      },
      presented,
    );
  }

  private changedError(presented: ShownKey, known: readonly (TrustedKey & { where: string })[]): HostKeyChangedError {
    const list = known.map(key => ({ ...shown(Buffer.from(key.key, 'base64')), where: key.where }));
    const before = list.map(key => `${key.type} ${key.sha256} (${key.where})`).join(', ');
    return new HostKeyChangedError(
      {
        what: `The host key of ${this.lookup} has changed, so nothing was sent to it.`,
        why: `It now shows ${presented.type} ${presented.sha256}, but known is ${before}: the server was reinstalled, or somebody else is answering in its place.`,
        fix: 'If you reinstalled it, compare the new fingerprint with the one your provider shows and remove the old entry there; otherwise do not connect.',
      },
      presented,
      list,
    );
  }

  private revokedError(presented: ShownKey, line: KnownHost): HostKeyError {
    return new HostKeyError(
      'host-key-revoked',
      {
        what: `The host key of ${this.lookup} is revoked, so nothing was sent to it.`,
        why: `${line.file}:${line.line} marks ${presented.type} ${presented.sha256} as @revoked.`,
        fix: 'Ask whoever runs the server for its new key; do not connect with this one.',
      },
      presented,
    );
  }
}

function shown(blob: Buffer): ShownKey {
  return { type: keyType(blob) ?? 'unknown', sha256: sha256Fingerprint(blob) };
}

function sameKey(base64: string, blob: Buffer): boolean {
  return Buffer.from(base64, 'base64').equals(blob);
}
