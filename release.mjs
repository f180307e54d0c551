// npm run release: makes the VSIX of a version that is ready to be published, or says what is not ready. Publishes nothing.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const { name, version } = JSON.parse(readFileSync('package.json', 'utf8'));
const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();

/** @returns {string | undefined} why this version cannot be released */
function obstacle() {
  if (!/^\d+\.\d+\.\d+$/.test(version))
    return `package.json has the version ${version}. A release needs three numbers.`;
  if (git('status', '--porcelain') !== '') return 'There are changes that are not committed. Commit them first.';
  if (git('tag', '--list', `v${version}`) !== '')
    return `v${version} has been released. Raise the version in package.json and package-lock.json.`;
  const { version: locked } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  if (locked !== version)
    return `package-lock.json has the version ${locked}, package.json ${version}. Run npm install.`;
  const [, first] = /^## (\S+)/m.exec(readFileSync('CHANGELOG.md', 'utf8')) ?? [];
  if (first !== version) return `CHANGELOG.md begins with ${first ?? 'no version'}. Describe ${version} there first.`;
  for (const script of ['types', 'lint', 'test', 'package']) {
    console.log(`\n━━━ ${script} ━━━`);
    if (spawnSync('npm', ['run', '--silent', script], { stdio: 'inherit' }).status !== 0)
      return `npm run ${script} failed; its output is above.`;
  }
  return undefined;
}

const problem = obstacle();
if (problem) {
  console.error(`\nNot released. ${problem}`);
  process.exitCode = 1;
} else {
  console.log(`\n${name}-${version}.vsix is ready. Publish it, then: git tag v${version} && git push --tags`);
}
