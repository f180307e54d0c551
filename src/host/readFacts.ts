import { answerLines, bytesOf, find, listOf, nameOf, need, textOf, type AnswerLine } from './answer';
import { readCertificates } from './certificateFacts';
import type { ChasquidFacts, HostFacts } from './facts';
import { factsScript } from './factsScript';
import { readDomains } from './domainFacts';
import { confString } from './confValue';
import { complaintSentences } from './complaints';
import type { Shell } from './shell';
import { tarFiles } from './tarFiles';

/**
 * Asks a server once for everything we show of it.
 * @param shell as root where possible; without root, `problems` names what could not be read.
 * @throws HostError `no-answer` when the server answers nothing that is ours.
 */
export async function readFacts(shell: Shell, options: { signal?: AbortSignal } = {}): Promise<HostFacts> {
  const answer = await shell.run(factsScript, { timeoutMs: 30_000, ...options });
  const lines = answerLines(answer);
  const text = (kind: string) => textOf(find(lines, kind)).trim();
  const os = osRelease(textOf(need(lines, 'os', answer, 'its operating system')));
  const addresses = text('addresses')
    .split(/\s+/)
    .map(address => address.replace(/\/.*/, ''))
    .filter(Boolean);
  const user = text('user');
  const chasquid = await chasquidFacts(lines);
  return {
    os,
    user,
    privilege: privilege(lines),
    hostname: text('hostname'),
    memoryMb: Math.round(Number(text('memory')) / 1024),
    diskFreeMb: Math.floor(Number(text('disk')) / 1024),
    addresses: {
      ipv4: addresses.filter(address => !address.includes(':')),
      ipv6: addresses.filter(address => address.includes(':')),
    },
    ...(chasquid && { chasquid: chasquid.facts }),
    problems: [
      ...lines.filter(line => line.kind === 'problem').map(line => problemSentence(line)),
      ...complaintSentences(text('complaints'), text('uid') === '0' ? 'root' : user),
      ...(chasquid?.problems ?? []),
    ],
  };
}

async function chasquidFacts(lines: AnswerLine[]): Promise<{ facts: ChasquidFacts; problems: string[] } | undefined> {
  const config = find(lines, 'config');
  if (!config) return undefined;
  const unit = textOf(find(lines, 'unit'));
  const property = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1] ?? '';
  const since = /^@(\d+)$/.exec(property('StateChangeTimestamp'))?.[1];
  const files = await tarFiles(bytesOf(find(lines, 'files')));
  const unreadableLine = find(lines, 'unreadable');
  const unreadable = unreadableLine && new Set(listOf(unreadableLine));
  const problems: string[] = [];
  const conf = files.get('chasquid.conf');
  const hostname = conf && confString(conf, 'hostname');
  const queue = find(lines, 'queue');
  const parts = { lines, files, unreadable, problems };
  return {
    problems,
    facts: {
      version: /^chasquid (\S+)/.exec(textOf(find(lines, 'version')))?.[1] ?? '',
      service: serviceState(property('ActiveState')),
      ...(since && { since: Number(since) }),
      configDir: textOf(config),
      daemonUser: textOf(find(lines, 'daemon')),
      ...(hostname && { hostname }),
      domains: readDomains(parts),
      certificates: readCertificates(parts),
      ...(queue && { queueLength: Number(textOf(queue)) }),
    },
  };
}

/** systemd's ActiveState in the four words we use. */
export function serviceState(active: string): ChasquidFacts['service'] {
  if (active === 'active' || active === 'reloading') return 'active';
  if (active === 'activating' || active === 'failed') return active;
  return 'inactive';
}

function privilege(lines: AnswerLine[]): HostFacts['privilege'] {
  const sudo = find(lines, 'sudo');
  if (textOf(find(lines, 'uid')) === '0') {
    // As root by way of sudo, SUDO_USER differs from root.
    return textOf(find(lines, 'user')) === 'root' ? 'root' : 'sudo';
  }
  if (!sudo) return 'none';
  if (textOf(sudo) === 'free') return 'sudo';
  // Debian and Ubuntu let these groups use sudo; whether this user truly may is known once the password is given.
  const groups = textOf(find(lines, 'groups')).split(/\s+/);
  return groups.some(group => ['sudo', 'admin', 'wheel'].includes(group)) ? 'sudo-password' : 'none';
}

/** os-release(5) in its shell-like syntax. */
function osRelease(text: string): HostFacts['os'] {
  const value = (name: string) =>
    new RegExp(`^${name}=(.*)$`, 'm')
      .exec(text)?.[1]
      ?.trim()
      .replace(/^(["'])(.*)\1$/, '$2')
      .replace(/\\(.)/g, '$1');
  const codename = value('VERSION_CODENAME');
  return {
    id: value('ID') ?? 'linux',
    versionId: value('VERSION_ID') ?? '',
    prettyName: value('PRETTY_NAME') ?? 'Linux',
    ...(codename && { codename }),
  };
}

function problemSentence(line: AnswerLine): string {
  switch (nameOf(line)) {
    case 'openssl':
      return 'The DKIM keys could not be read: the program openssl is not installed on the server. Install the package openssl.';
    case 'config':
      return `The folder ${textOf(line)} could not be entered. Connect as root, or as a user who may use sudo.`;
    default:
      return 'The state of the service is not known: systemd does not run this machine.';
  }
}
