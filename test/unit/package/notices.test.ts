import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';

const root = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'chasquid-notices-'));
const rule = `\n\n${'-'.repeat(80)}\n\n`;
let sections: string[];
/** The folders of the packages that esbuild names above each file in a build that is not minified. */
let bundled: string[];

before(() => {
  const build = (...args: string[]) =>
    execFileSync(process.execPath, ['esbuild.mjs', ...args], { cwd: root, stdio: 'pipe' });
  build('--production', `--outdir=${join(folder, 'minified')}`);
  build(`--outdir=${join(folder, 'readable')}`);
  sections = readFileSync(join(folder, 'minified/ThirdPartyNotices.txt'), 'utf8').split(rule);
  const outputs = globSync(join(folder, 'readable/**/*.{js,mjs,css}')).map(file => readFileSync(file, 'utf8'));
  const names = outputs.flatMap(output => [
    ...output.matchAll(/^ *(?:\/\/|\/\*) (node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//gm),
  ]);
  bundled = [...new Set(names.map(([, name]) => name!))];
});
after(() => rmSync(folder, { recursive: true }));

test('each bundled package is named with its version, licence and every text of it', () => {
  assert.ok(bundled.length > 30, bundled.join());
  for (const name of bundled) {
    const manifest = JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8')) as Record<string, string>;
    const section = sections.find(other => other.startsWith(`${manifest['name']} ${manifest['version']}\n`));
    assert.ok(section, name);
    if (manifest['license']) assert.ok(section.includes(`\nLicence: ${manifest['license']}\n`), name);
    const texts = readdirSync(join(root, name)).filter(file =>
      /^(licen[cs]e|notice|copying)[^.]*(\.md|\.txt|)$/i.test(file),
    );
    for (const file of texts) {
      const text = readFileSync(join(root, name, file), 'utf8')
        .replaceAll('\r\n', '\n')
        .replace('\ufeff', '')
        .trim();
      assert.ok(text.length > 300 && section.includes(text), `${name}/${file}`);
    }
    if (texts.length === 0)
      assert.match(section, /MIT License\n\nCopyright \(c\) Microsoft\n\nPermission is hereby granted/, name);
  }
});

test('what lies inside a package under terms of its own is named', () => {
  const section = (start: string) => sections.find(text => text.startsWith(start)) ?? '';
  assert.match(section('Public Suffix List'), /MPL-2\.0\nhttps:\/\/publicsuffix\.org\/list\/public_suffix_list\.dat\n/);
  assert.match(section('Unicode Character Database'), /Unicode-3\.0\n.*\n\nUNICODE LICENSE V3\n/);
  assert.match(section('nodemailer 10.6'), /Copyright Mathias Bynens/);
  assert.match(section('@hapi/address'), /Copyright \(c\) 2008-2009 Bjoern Hoehrmann/);
});

suite('the build stops at a package', () => {
  const notices = async (manifest: object, licenceText?: string) => {
    const own = join(folder, 'node_modules', 'some');
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'package.json'), JSON.stringify({ name: 'some', version: '1.0.0', ...manifest }));
    writeFileSync(join(own, 'index.js'), '');
    if (licenceText) writeFileSync(join(own, 'LICENSE'), licenceText);
    const { thirdPartyNotices } = (await import(pathToFileURL(join(root, 'notices.mjs')).href)) as {
      thirdPartyNotices(metafiles: object[]): string;
    };
    return thirdPartyNotices([{ outputs: { out: { inputs: { [join(own, 'index.js')]: { bytesInOutput: 1 } } } } }]);
  };

  test('whose licence nobody has decided on', async () => {
    await assert.rejects(notices({ license: 'GPL-3.0-only' }, 'GNU'), /some 1\.0\.0: GPL-3\.0-only/);
  });
  test('that tells no licence', async () => {
    await assert.rejects(notices({}, 'All rights reserved'), /some 1\.0\.0: unknown/);
  });
  test('that has no licence text', async () => {
    await assert.rejects(notices({ license: 'Apache-2.0', author: 'Somebody' }), /some has no licence text/);
    await assert.rejects(notices({ license: 'MIT' }), /some has no licence text/);
  });
  test('unless all is known', async () => {
    assert.match(await notices({ license: 'MIT' }, 'The text'), /\n\nsome 1\.0\.0\nLicence: MIT\n.*\n\nThe text\n$/);
  });
});
