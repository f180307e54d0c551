import { createPrivateKey } from 'node:crypto';
import { firstWith, type Version } from '../versions';
import { domainRefusal } from '../normalize';
import type { FolderFinding } from './folderFinding';
import type { ConfigTree, DomainFolder } from './model';

/** Domains, DKIM keys and hooks: what chasquid finds in its folders besides the files it parses. */
export function checkFolders(tree: ConfigTree, version: Version): FolderFinding[] {
  const features = version.features;
  const found: FolderFinding[] = [];
  if (tree.domains?.length === 0 && tree.strayFiles.length === 0) {
    found.push({
      path: `${tree.path}/domains`,
      code: 'domains-empty',
      severity: 'warning',
      message: 'The folder has no domain. chasquid does not start without one. Make a folder named after your domain.',
    });
  }
  if (!features.skipsStrayFiles) {
    for (const path of tree.strayFiles) {
      found.push({
        path,
        code: 'domain-stray-file',
        severity: 'warning',
        message: `There is a file among the domains. chasquid ${version.text} treats its name as a domain. Move it elsewhere.`,
      });
    }
  }
  for (const domain of tree.domains ?? []) found.push(...checkDomain(domain, version));
  for (const hook of tree.hooks) {
    if (hook.mode !== undefined && (hook.mode & 0o111) === 0) {
      const refuses = hook.name === 'post-data' ? 'defers every message with 451' : 'cannot resolve any alias';
      found.push({
        path: hook.path,
        code: 'hook-not-executable',
        severity: 'error',
        message: `The hook is not executable. chasquid ${refuses}. Run “chmod +x” on it, or remove it.`,
      });
    } else if (!hook.text.startsWith('#!') && !hook.text.startsWith('\x7fELF')) {
      found.push({
        path: hook.path,
        code: 'hook-no-interpreter',
        severity: 'warning',
        message:
          'The hook does not begin with “#!”. chasquid cannot run it and defers every message. Begin it with “#!/bin/sh” or similar.',
      });
    }
  }
  return found;
}

function checkDomain(domain: DomainFolder, version: Version): FolderFinding[] {
  const found: FolderFinding[] = [];
  const nameError = domain.nameError ?? (version.features.strictDomains ? domainRefusal(domain.name) : undefined);
  if (nameError !== undefined) {
    found.push({
      path: domain.path,
      code: 'domain-name',
      severity: 'error',
      message: `The folder’s name is not a domain (${nameError}). chasquid does not start with it. Rename the folder.`,
      upstream: `Invalid name "${domain.folder}": ${nameError}`,
    });
  }
  if (domain.dkim.length > 0 && !version.features.builtInDkim) {
    found.push({
      path: domain.dkim[0]!.path,
      code: 'dkim-needs-newer',
      severity: 'warning',
      message: `chasquid signs with this key since ${firstWith('builtInDkim')}. chasquid ${version.text} ignores the file: mail goes out unsigned unless a hook signs it. Update chasquid, or sign in hooks/post-data.`,
    });
    return found;
  }
  for (const { path, pem } of domain.dkim) {
    const problem = dkimProblem(pem);
    if (problem)
      found.push({
        path,
        code: 'dkim-key',
        severity: 'error',
        message: `${problem} chasquid ${version.text} does not start with it. Make a key with “chasquid-util dkim-keygen”.`,
      });
  }
  if (domain.dkim.length > 1) {
    found.push({
      path: domain.dkim[1]!.path,
      code: 'dkim-several-selectors',
      severity: 'information',
      message: `The domain has ${domain.dkim.length} DKIM keys. chasquid signs with each of them. Publish all of them, or remove the old ones after a rotation.`,
    });
  }
  return found;
}

/** chasquid's `dkim.go` takes PKCS #8 only, RSA or Ed25519. */
function dkimProblem(pem: string): string | undefined {
  const type = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1];
  if (type === undefined) return 'The file holds no key.';
  if (type !== 'PRIVATE KEY') return `The file holds a “${type}” block; a “PRIVATE KEY” (PKCS #8) is needed.`;
  try {
    const kind = createPrivateKey(pem).asymmetricKeyType;
    return kind === 'rsa' || kind === 'ed25519' ? undefined : `The key is of type ${kind}; RSA or Ed25519 is needed.`;
  } catch {
    return 'The key cannot be read.';
  }
}
