import { homedir, hostname, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { type Sha1Uses, sha1Uses } from '../connect/algorithms';
import { type ConfigLine, expandHome, readConfigFile } from './configFile';
import { environmentOf } from './environment';
import { SshConfigError } from '../errors';
import { matchPatternList } from './pattern';
import type { SshDeps, SshTarget } from './target';

/** Everything needed to reach one server: the target, completed from the OpenSSH configuration. */
export interface HostConfig {
  /** As the user named it. */
  name: string;
  /** Name or address to connect to, lower case. */
  host: string;
  port: number;
  user: string;
  /** Absolute paths. The user's own choice first, then the configuration's, else OpenSSH's defaults. */
  identityFiles: string[];
  /** How many of `identityFiles` were named by somebody: of the rest a missing one is no news. */
  namedIdentities: number;
  /** The first of `identityFiles` is the user's own choice for this server. */
  chosenIdentity: boolean;
  identitiesOnly: boolean;
  /** Socket or pipe; undefined for none. */
  agent?: string;
  /** Hops, in order of travel; empty for a direct connection. */
  jumps: string[];
  proxyCommand?: string;
  knownHostsFiles: string[];
  hostKeyAlias?: string;
  /** `no` and `off` of OpenSSH are taken as `accept-new`: a changed key is refused under every setting. */
  strictHostKeyChecking: 'yes' | 'ask' | 'accept-new';
  /** Variables for a terminal's shell (SendEnv, SetEnv); the server takes those that its AcceptEnv names. */
  environment: Readonly<Record<string, string>>;
  /** Login methods in order of preference. */
  methods: ('publickey' | 'keyboard-interactive' | 'password')[];
  sha1: Sha1Uses;
  connectTimeoutMs: number;
  keepaliveMs: number;
  keepaliveCount: number;
}

const systemDirectory =
  process.platform === 'win32' ? join(process.env.ProgramData ?? 'C:\\ProgramData', 'ssh') : '/etc/ssh';
const defaultIdentities = ['id_rsa', 'id_ecdsa', 'id_ed25519'];

/**
 * Completes a target from the OpenSSH configuration (ssh_config(5)): ~/.ssh/config, then the system's, the first value
 * found for each keyword wins. `Match exec` is never run.
 * @throws SshConfigError
 */
export async function resolveConfig(target: SshTarget, deps: Pick<SshDeps, 'log'>): Promise<HostConfig> {
  if (!/^[^\s\0-\x1f/@,]+$/.test(target.host) || target.host.startsWith('-')) {
    throw new SshConfigError('config', {
      what: `${JSON.stringify(target.host)} cannot be the name of a server.`,
      why: 'A host name, an address or a Host of your SSH configuration has no spaces, slashes, @ or commas, and does not begin with a dash.',
      fix: 'Give the user and the port in their own fields.',
    });
  }
  const settings = evaluate(await configLines(target), target, deps);
  const one = (keyword: string) => settings.get(keyword)?.[0]?.[0];
  const yes = (keyword: string, fallback: boolean) => {
    const value = one(keyword)?.toLowerCase();
    return value === undefined ? fallback : value === 'yes' || value === 'true';
  };

  const hostName = one('hostname');
  const host = hostName ? expand(hostName, { '%': '%', h: target.host }) : target.host;
  const port = target.port ?? portOf(one('port'));
  const user = target.user ?? one('user') ?? localUser();
  if (!user) {
    throw new SshConfigError('config', {
      what: `There is no user name to log in to ${target.host}.`,
      why: 'Neither the server nor the SSH configuration names a user, and the system does not know your own name.',
      fix: 'Give the user of this server, for instance root.',
    });
  }
  const hostKeyAlias = one('hostkeyalias');
  const jumpText = target.proxyJump ?? one('proxyjump') ?? 'none';
  const tokens: Tokens = {
    '%': '%',
    d: homedir(),
    h: host,
    i: String(process.getuid?.() ?? ''),
    k: hostKeyAlias ?? target.host,
    l: hostname(),
    L: hostname().split('.')[0]!,
    n: target.host,
    p: String(port),
    r: user,
    u: localUser(),
    j: jumpText === 'none' ? '' : jumpText,
  };
  const path = (text: string) => absolute(expandHome(expand(expandVariables(text), tokens)));

  const configured = (settings.get('identityfile') ?? []).map(words => words[0]!).filter(word => word !== 'none');
  const named = [...(target.identityFile ? [absolute(expandHome(target.identityFile))] : []), ...configured.map(path)];
  const noneNamed = !settings.has('identityfile') && !target.identityFile;
  const identityFiles = [...new Set(noneNamed ? defaultIdentities.map(n => join(homedir(), '.ssh', n)) : named)];
  const agent = agentOf(target.agent ?? one('identityagent'), path);
  const proxyCommand = settings.get('proxycommand')?.[0]?.join(' ');
  // Of ProxyCommand and ProxyJump, the one that comes first wins (ssh_config(5), ProxyJump).
  const commandFirst = precedes(settings, 'proxycommand', 'proxyjump') && target.proxyJump === undefined;
  const knownHosts =
    target.knownHostsFiles ??
    [
      ...(settings.get('userknownhostsfile')?.[0] ?? ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
      ...(settings.get('globalknownhostsfile')?.[0] ??
        ['ssh_known_hosts', 'ssh_known_hosts2'].map(name => join(systemDirectory, name))),
    ].filter(file => file !== 'none');

  return {
    name: target.host,
    host: host.toLowerCase(),
    port,
    user,
    identityFiles,
    namedIdentities: noneNamed ? 0 : identityFiles.length,
    chosenIdentity: target.identityFile !== undefined,
    identitiesOnly: yes('identitiesonly', false),
    ...(agent && { agent }),
    jumps: jumpText === 'none' || commandFirst ? [] : jumpText.split(',').map(hop => hop.trim()),
    ...(commandFirst && proxyCommand && proxyCommand !== 'none' && { proxyCommand }),
    knownHostsFiles: knownHosts.map(path),
    ...(hostKeyAlias && { hostKeyAlias: hostKeyAlias.toLowerCase() }),
    strictHostKeyChecking: strictness(one('stricthostkeychecking')),
    environment: environmentOf(
      settings.get('sendenv') ?? [],
      settings.get('setenv')?.[0]?.join(' ') ?? '',
      process.env,
    ),
    methods: methodsOf(one('preferredauthentications'), {
      publickey: yes('pubkeyauthentication', true),
      'keyboard-interactive': yes('kbdinteractiveauthentication', true),
      password: yes('passwordauthentication', true),
    }),
    sha1: sha1Uses(one),
    connectTimeoutMs: seconds(one('connecttimeout'), 15) * 1000,
    keepaliveMs: seconds(one('serveraliveinterval'), 15) * 1000,
    keepaliveCount: seconds(one('serveralivecountmax'), 3),
  };
}

async function configLines(target: SshTarget): Promise<ConfigLine[]> {
  const own = join(homedir(), '.ssh');
  if (target.configFile === 'none') return [];
  if (target.configFile) return readConfigFile(absolute(expandHome(target.configFile)), own);
  return [
    ...(await readConfigFile(join(own, 'config'), own)),
    ...(await readConfigFile(join(systemDirectory, 'ssh_config'), systemDirectory)),
  ];
}

/** Keyword → what was found for it, each as a list of words; only repeatable keywords have more than one. */
type Settings = Map<string, string[][]>;

function evaluate(lines: ConfigLine[], target: SshTarget, deps: Pick<SshDeps, 'log'>): Settings {
  const settings: Settings = new Map();
  const noted = new Set<string>();
  const note = (text: string) => {
    if (!noted.has(text)) deps.log('warn', text);
    noted.add(text);
  };
  const pass = (final: boolean) => {
    for (const line of lines) {
      const context = { target, settings, final, file: line.file, note };
      if (!line.conditions.every(condition => applies(condition, context))) continue;
      if (line.keyword === 'identityfile') {
        const known = settings.get(line.keyword) ?? [];
        if (!known.some(words => words[0] === line.words[0])) settings.set(line.keyword, [...known, line.words]);
      } else if (line.keyword === 'sendenv') {
        settings.set(line.keyword, [...(settings.get(line.keyword) ?? []), line.words]);
      } else if (!settings.has(line.keyword)) {
        settings.set(line.keyword, [line.words]);
      }
    }
  };
  pass(false);
  if (lines.some(line => line.conditions.some(c => c.keyword === 'match' && c.words.some(w => /^!?final$/i.test(w))))) {
    pass(true);
  }
  return settings;
}

interface MatchContext {
  target: SshTarget;
  settings: Settings;
  final: boolean;
  file: string;
  note(text: string): void;
}

function applies(condition: ConfigLine['conditions'][number], context: MatchContext): boolean {
  if (condition.keyword === 'host') return matchPatternList(context.target.host, condition.words);
  const words = [...condition.words];
  let result = true;
  while (words.length > 0) {
    const word = words.shift()!.toLowerCase();
    const negated = word.startsWith('!');
    const criterion = negated ? word.slice(1) : word;
    const valued = !['all', 'canonical', 'final'].includes(criterion);
    const verdict = meets(criterion, valued ? (words.shift() ?? '').split(',') : [], context);
    if (verdict === undefined) return false;
    if (verdict === negated) result = false;
  }
  return result;
}

/** Whether a criterion of `Match` holds; undefined when that cannot be told here, so that the block is passed over. */
function meets(criterion: string, patterns: string[], context: MatchContext): boolean | undefined {
  const { target, settings } = context;
  switch (criterion) {
    case 'all':
      return true;
    case 'final':
      return context.final;
    case 'canonical':
      return false;
    case 'host': {
      const name = settings.get('hostname')?.[0]?.[0];
      return matchPatternList(name ? expand(name, { '%': '%', h: target.host }) : target.host, patterns);
    }
    case 'originalhost':
      return matchPatternList(target.host, patterns);
    case 'user':
      return matchPatternList(target.user ?? settings.get('user')?.[0]?.[0] ?? localUser(), patterns);
    case 'localuser':
      return matchPatternList(localUser(), patterns);
    default:
      context.note(`"Match ${criterion}" in ${context.file} is not evaluated here; its block is passed over.`);
      return undefined;
  }
}

type Tokens = Readonly<Record<string, string>>;

function expand(text: string, tokens: Tokens): string {
  return text.replace(/%(.)/g, (whole, token: string) => tokens[token] ?? whole);
}

function expandVariables(text: string): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => process.env[name] ?? whole);
}

function absolute(path: string): string {
  return isAbsolute(path) ? path : join(process.cwd(), path);
}

/** IdentityAgent of ssh_config(5): a socket, `none`, `SSH_AUTH_SOCK` or `$VARIABLE`. */
function agentOf(text: string | undefined, path: (text: string) => string): string | undefined {
  const pipe = process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined;
  if (text === 'none') return undefined;
  if (text === undefined || text === 'SSH_AUTH_SOCK') return process.env.SSH_AUTH_SOCK || pipe;
  if (/^\$\w+$/.test(text)) return process.env[text.slice(1)] || undefined;
  return text.startsWith('\\\\') || text === 'pageant' ? text : path(text);
}

function strictness(text: string | undefined): HostConfig['strictHostKeyChecking'] {
  switch (text?.toLowerCase()) {
    case 'yes':
    case 'true':
      return 'yes';
    case 'accept-new':
    case 'no':
    case 'off':
    case 'false':
      return 'accept-new';
    default:
      return 'ask';
  }
}

function methodsOf(preferred: string | undefined, enabled: Record<HostConfig['methods'][number], boolean>) {
  const known = ['publickey', 'keyboard-interactive', 'password'] as const;
  const order = preferred?.split(',').map(word => word.trim()) ?? known;
  return order.flatMap(word => known.filter(method => method === word && enabled[method]));
}

function precedes(settings: Settings, first: string, second: string): boolean {
  const order = [...settings.keys()];
  return settings.has(first) && (!settings.has(second) || order.indexOf(first) < order.indexOf(second));
}

function portOf(text: string | undefined): number {
  if (text === undefined) return 22;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new SshConfigError('config', {
    what: 'The SSH configuration cannot be used.',
    why: `Its Port ${JSON.stringify(text)} is not a number from 1 to 65535.`,
    fix: 'Correct the Port line.',
  });
}

/** The name of whoever runs this; empty where the system has none for the user id, as in some containers. */
function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? process.env.USERNAME ?? '';
  }
}

/** A time of ssh_config(5) in seconds; 0 and nonsense give the fallback. */
function seconds(text: string | undefined, fallback: number): number {
  const value = Number(text ?? '');
  return Number.isFinite(value) && value > 0 ? value : fallback;
}
