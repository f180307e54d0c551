import type { AliasMap } from '../aliases/aliasIndex';
import { AliasFile } from '../aliases/file';
import type { CheckWorld } from '../aliases/checkWorld';
import { aliasContext, separatorsOf } from '../aliases/context';
import type { Recipient } from '../aliases/model';
import { type EffectiveConfig, effectiveConfig } from '../config/effective';
import { parseConfig } from '../config/parse';
import { drain } from '../drain';
import { parsingUsers, userNames } from '../users/parse';
import { newest, type Version } from '../versions';
import type { ConfigTree } from './model';

/** A configuration folder put together as chasquid does at start. */
export interface World extends CheckWorld {
  config: EffectiveConfig;
  aliases: AliasMap;
  /** The aliases files by the path of their domain's folder. */
  files: Map<string, AliasFile>;
  /** Whether a hook may change every answer. */
  hooked: boolean;
}

export interface WorldOptions {
  version?: Version;
  /** Keep the good lines of a file that chasquid refuses as a whole: to judge lines, not to answer as chasquid does. */
  lenient?: boolean;
  /** Files that are put together only when they are first asked for, since their lines are mostly known from elsewhere. */
  later?(path: string): boolean;
}

export function buildWorld(tree: ConfigTree, options?: WorldOptions): World {
  return drain(worldOf(tree, options));
}

/** The same as a generator that can be left off after every few lines. */
export function* worldOf(
  tree: ConfigTree,
  { version = newest, lenient = false, later }: WorldOptions = {},
): Generator<void, World> {
  const config = effectiveConfig(parseConfig(tree.config?.text ?? '', version));
  const separators = separatorsOf(config);
  const folders = tree.domains ?? [];
  const users = new Map(folders.map(domain => [domain.name, new Set<string>()]));
  const aliases = new DomainAliases();
  const files = new Map<string, AliasFile>();
  const known = new Set<string>();
  const hooked = tree.hooks.some(hook => hook.name === 'alias-resolve');
  const dovecot = config.get('dovecot_auth')?.[0] === true;
  for (const domain of folders) {
    if (domain.users) {
      for (const name of userNames(yield* parsingUsers(domain.users.text, version))) users.get(domain.name)!.add(name);
      if (!hooked && !dovecot) known.add(domain.name);
    }
    const file = domain.aliases && new AliasFile(domain.aliases.text, aliasContext(domain.folder, version, separators));
    if (!file) continue;
    files.set(domain.path, file);
    if (!later?.(domain.aliases!.path)) yield* file.putTogether();
    aliases.add(domain.name, file, lenient);
  }
  return {
    version,
    config,
    ...separators,
    // chasquid takes localhost for local whatever is configured (chasquid.go: main).
    domains: new Set([...folders.map(domain => domain.name), 'localhost']),
    aliases,
    files,
    hooked,
    userExists: (user, domain) => users.get(domain)?.has(user) ?? false,
    usersKnown: domain => known.has(domain),
  };
}

/** The aliases of all domains. A file's keys are all of its own domain. */
class DomainAliases implements AliasMap {
  /** Later ones override: two folders may be one domain. */
  private readonly domains = new Map<string, { file: AliasFile; lenient: boolean }[]>();

  add(domain: string, file: AliasFile, lenient: boolean): void {
    this.domains.set(domain, [{ file, lenient }, ...(this.domains.get(domain) ?? [])]);
  }

  get(key: string): Recipient[] | undefined {
    for (const { file, lenient } of this.domains.get(key.slice(key.indexOf('@') + 1)) ?? []) {
      const recipients = lenient || !file.entries.error ? file.entries.get(key) : undefined;
      if (recipients) return recipients;
    }
    return undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }
}
