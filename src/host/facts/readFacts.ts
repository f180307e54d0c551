import { answerLines, bytesOf, find, listOf, nameOf, need, quoteOf, textOf, type AnswerLine } from '../protocol/answer';
import { readCertificates } from './certificateFacts';
import type { ChasquidFacts, HostFacts } from './facts';
import { readDomains } from './domainFacts';
import { confString, readConf } from './confValue';
import { complaintSentences } from '../protocol/complaints';
import { removeOversized } from '../files/oversized';
import type { Shell } from '../protocol/shell';
import { quotable } from '../../text/visible';
import { countOf } from '../../input/numbers';
import { tarFiles } from '../files/tarFiles';
import { unitTime } from './unitTime';
import { versionOf } from '../../chasquid/versions';
import { shellScript } from '../../ssh/shellScript';

const script = shellScript(import.meta.url, './facts.sh');

/**
 * Asks a server once for everything we show of it.
 * @param shell as root where possible; without root, `problems` names what could not be read.
 * @throws HostError `no-answer` when the server answers nothing that is ours.
 */
export async function readFacts(
  shell: Shell & { privilege?: HostFacts['privilege'] },
  options: { signal?: AbortSignal } = {},
): Promise<HostFacts> {
  const answer = await shell.run(script, { timeoutMs: 30_000, ...options });
  const lines = answerLines(answer);
  const os = osRelease(textOf(need(lines, 'os', answer, 'its operating system')));
  const system = properties(textOf(need(lines, 'system', answer, 'itself')));
  const addresses = system.all('address').map(address => address.replace(/\/.*/, ''));
  const chasquid = await chasquidFacts(lines);
  return {
    os,
    user: system.get('user'),
    // How a shell became root only it can know; without one we look at what sudo would say.
    privilege: shell.privilege && shell.privilege !== 'none' ? shell.privilege : privilege(system),
    hostname: system.get('hostname'),
    memoryMb: Math.round(countOf(system.get('memory')) / 1024),
    diskFreeMb: Math.floor(countOf(system.get('disk')) / 1024),
    addresses: {
      ipv4: addresses.filter(address => !address.includes(':')),
      ipv6: addresses.filter(address => address.includes(':')),
    },
    ...(chasquid && { chasquid: chasquid.facts }),
    problems: [
      ...lines
        .filter(line => line.kind === 'problem')
        .slice(0, mostProblems)
        .map(line => problemSentence(line)),
      ...complaintSentences(textOf(find(lines, 'complaints')), system.get('uid') === '0' ? 'root' : system.get('user')),
      ...(chasquid?.problems.slice(0, mostProblems) ?? []),
    ],
  };
}

async function chasquidFacts(lines: AnswerLine[]): Promise<{ facts: ChasquidFacts; problems: string[] } | undefined> {
  const config = find(lines, 'config');
  if (!config) return undefined;
  const unit = properties(textOf(find(lines, 'unit')));
  const since = unitTime(unit.get('StateChangeTimestamp'));
  const files = await tarFiles(bytesOf(find(lines, 'files')));
  const unreadableLine = find(lines, 'unreadable');
  const unreadable = unreadableLine && new Set(listOf(unreadableLine));
  const problems = removeOversized(files).map(({ path, reason }) => `${quotable(path, 200)} ${reason}`);
  const version = /^chasquid (\S+)/.exec(unit.get('version'))?.[1] ?? '';
  const conf = readConf(files.get('chasquid.conf') ?? Buffer.alloc(0), versionOf(version));
  const hostname = confString(conf, 'hostname');
  const queue = find(lines, 'queue');
  const service = serviceState(unit.get('ActiveState'), unit.get('stopped') === 'yes');
  const runningSince = service === 'active' ? since : undefined;
  const parts = { lines, files, unreadable, problems, conf, runningSince };
  return {
    problems,
    facts: {
      version,
      service,
      ...(since && { since }),
      configDir: textOf(config),
      daemonUser: unit.get('daemon'),
      ...(hostname && { hostname }),
      domains: await readDomains(parts),
      certificates: await readCertificates(parts),
      ...(queue && { queueLength: countOf(textOf(queue)) }),
    },
  };
}

/**
 * systemd's ActiveState in the four words we use.
 * @param stopped the daemon's last word was that it was told to stop.
 */
export function serviceState(active: string, stopped: boolean): ChasquidFacts['service'] {
  if (active === 'active' || active === 'reloading') return 'active';
  if (active === 'activating') return 'activating';
  return active === 'failed' && !stopped ? 'failed' : 'inactive';
}

function privilege(system: Properties): HostFacts['privilege'] {
  // As root by way of sudo, SUDO_USER differs from root.
  if (system.get('uid') === '0') return system.get('user') === 'root' ? 'root' : 'sudo';
  if (system.get('sudo') === 'free') return 'sudo';
  if (system.get('sudo') !== 'asks') return 'none';
  // Debian and Ubuntu let these groups use sudo; whether this user truly may is known once the password is given.
  const groups = system.get('groups').split(/\s+/);
  return groups.some(group => ['sudo', 'admin', 'wheel'].includes(group)) ? 'sudo-password' : 'none';
}

interface Properties {
  /** The first value of that name, or ''. */
  get(name: string): string;
  all(name: string): string[];
}

/** More of a kind nobody reads. */
const mostProblems = 100;
/** Characters. */
const propertiesLimit = 64 * 1024;

/** Lines `name=value`. */
function properties(text: string): Properties {
  const pairs = text
    .slice(0, propertiesLimit)
    .split('\n')
    .map(line => /^([^=]+)=(.*)$/.exec(line)?.slice(1) ?? []);
  const all = (name: string) => pairs.filter(pair => pair[0] === name).map(pair => pair[1]!);
  return { all, get: name => all(name)[0] ?? '' };
}

/** os-release(5) in its shell-like syntax. */
function osRelease(whole: string): HostFacts['os'] {
  const text = whole.slice(0, propertiesLimit);
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
      return `The folder ${quoteOf(line)} could not be entered. Connect as root, or as a user who may use sudo.`;
    case 'systemctl':
      return `The state of the service is unknown: systemctl reported “${quoteOf(line)}”. Run systemctl status chasquid in a terminal on the server.`;
    default:
      return 'The state of the service is unknown: systemd does not run this machine.';
  }
}
