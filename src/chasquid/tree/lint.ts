import { checkAliases } from '../aliases/checkFile';
import { checkConfig } from '../config/check';
import type { Diagnostic } from '../diagnostics';
import { checkUsers } from '../users/check';
import { checkCertificates } from './checkCertificates';
import { checkFolders } from './checkFolders';
import type { ConfigTree } from './model';
import { buildWorld } from './world';
import type { Version } from '../versions';

/** The findings of one file. */
export interface FileReport {
  path: string;
  /** Empty for folders and for files that are not text of chasquid's. */
  text: string;
  diagnostics: Diagnostic[];
}

/** Everything there is to say about a configuration folder, file by file. `now` in milliseconds since the epoch. */
export function lintTree(tree: ConfigTree, version: Version, now: number): FileReport[] {
  const reports: FileReport[] = [];
  if (tree.config) reports.push({ ...tree.config, diagnostics: checkConfig(tree.config.text, version) });
  const world = buildWorld(tree, { version, lenient: true });
  for (const { path, aliases, users } of tree.domains ?? []) {
    const file = world.files.get(path);
    if (aliases && file) reports.push({ ...aliases, diagnostics: checkAliases(file, world) });
    if (users) reports.push({ ...users, diagnostics: checkUsers(users.text, version) });
  }
  for (const finding of [...checkFolders(tree, version), ...checkCertificates(tree, version, now)]) {
    const { path, ...rest } = finding;
    const diagnostic: Diagnostic = { ...rest, range: { start: 0, end: 0 } };
    const report = reports.find(each => each.path === path);
    if (report) report.diagnostics.push(diagnostic);
    else reports.push({ path, text: '', diagnostics: [diagnostic] });
  }
  return reports;
}
