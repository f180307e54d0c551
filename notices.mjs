// What the bundles owe to others: name, version, licence and licence text of each package and data file in them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Licences that ask for no more than this notice (MPL-2.0: and for the address of the source). A build with another one
 * fails: whoever adds the package does what its licence asks for, or does without it.
 */
const allowed = new Set([
  ...['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC-BY-4.0', 'CC0-1.0', 'ISC', 'MIT', 'MIT-0', 'MPL-2.0'],
  ...['Unicode-3.0', 'Unlicense'],
]);

/** @typedef {{ name: string, licence: string, url: string, author?: string, texts: string[] }} Notice */

/** Data of others which is part of a bundled file (`file` is the end of its path) and not under that file's licence.
 * @type {(Notice & { file: RegExp })[]} */
const data = [
  {
    file: /\/tldts\/dist\/.*\.js$/,
    name: 'Public Suffix List (part of tldts)',
    licence: 'MPL-2.0',
    url: 'https://publicsuffix.org/list/public_suffix_list.dat',
    texts: [
      'This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the MPL was not\n' +
        'distributed with this file, You can obtain one at https://mozilla.org/MPL/2.0/.\n\n' +
        'The source is at the address above. tldts contains a table that is made from it.',
    ],
  },
  {
    file: /^src\/chasquid\/unicode\/tables\.ts$/,
    name: 'Unicode Character Database 13.0.0 (tables made from it)',
    licence: 'Unicode-3.0',
    url: 'https://www.unicode.org/Public/13.0.0/ucd/',
    texts: [text('src/chasquid/unicode/UNICODE-LICENSE.txt')],
  },
];

/**
 * The text of ThirdPartyNotices.txt. Throws for a package whose licence is unknown, not allowed, or has no text.
 * @param {import('esbuild').Metafile[]} metafiles of the builds, with paths relative to the working directory
 */
export function thirdPartyNotices(metafiles) {
  const files = bundledFiles(metafiles);
  const notices = [...packages(files), ...data.filter(({ file }) => files.some(path => file.test(path)))];
  const refused = notices.filter(({ licence }) => !allowed.has(licence));
  if (refused.length > 0)
    throw new Error(
      `No decision on these licences (notices.mjs): ${refused.map(n => `${n.name}: ${n.licence}`).join('; ')}`,
    );
  const parts = notices.map(({ name, licence, url, author, texts }) =>
    [`${name}\nLicence: ${licence}\n${url}${author ? `\nBy ${author}` : ''}`, ...texts].join('\n\n'),
  );
  const head =
    'Third-party notices\n\nThe Chasquid extension and chasquid-check contain code and data of these projects, unchanged but for bundling.';
  return [head, ...parts].join(`\n\n${'-'.repeat(80)}\n\n`) + '\n';
}

/** The files of which something is in an output, without duplicates. */
function bundledFiles(metafiles) {
  const inputs = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(output => Object.entries(output.inputs)),
  );
  return [...new Set(inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file))];
}

/** @returns {Notice[]} one for each package and version, by name */
function packages(files) {
  const folders = files.map(file => /^.*node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(file)?.[0]).filter(Boolean);
  return [...new Set(folders)]
    .map(folder =>
      packageNotice(
        folder,
        files.filter(file => file.startsWith(folder) && !file.startsWith(`${folder}node_modules/`)),
      ),
    )
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** @returns {Notice} */
function packageNotice(folder, files) {
  const manifest = JSON.parse(text(join(folder, 'package.json')));
  const { name, version, author, homepage, repository } = manifest;
  // `licenses` is what package.json had before SPDX.
  const licence = manifest.license ?? manifest.licenses?.map(({ type }) => type).join(' OR ') ?? 'unknown';
  const by = typeof author === 'object' ? author.name : author;
  const own = readdirSync(folder)
    .filter(file =>
      /^(copying|copyright\w*|licen[cs]e|notices?|unlicense)([-.]\w+)?$/i.test(file.replace(/\.(md|txt)$/i, '')),
    )
    .map(file => text(join(folder, file)));
  const texts = own.length > 0 ? own : [standardText(name, licence, by)];
  return {
    name: `${name} ${version}`,
    licence,
    url:
      homepage ??
      (typeof repository === 'object' ? repository.url : repository) ??
      `https://www.npmjs.com/package/${name}`,
    author: by,
    texts: [...texts, ...noticesInside(files, texts)],
  };
}

/** The text of a licence that a package names without having it. */
function standardText(name, licence, author) {
  if (licence !== 'MIT' || !author) throw new Error(`${name} has no licence text (notices.mjs): ${licence}`);
  return text('LICENSE').replace(/^Copyright .*$/m, `Copyright (c) ${author}`);
}

/** Comments with a copyright in the files themselves, which the bundles lose, unless the licence texts have them. */
function noticesInside(files, texts) {
  const words = comment => comment.replace(/[\s*/]+/g, ' ');
  const seen = texts.map(words);
  const comments = files
    .filter(file => /\.([cm]?[jt]s|css)$/.test(file))
    .flatMap(file => text(file).match(/\/\*[^]*?\*\/|(?:^[ \t]*\/\/.*\n?)+|[ \t]\/\/.*/gm) ?? [])
    .filter(comment => /copyright|\(c\) ?\d{4}/i.test(comment));
  return comments.filter(comment => {
    if (seen.some(other => other.includes(words(comment)))) return false;
    seen.push(words(comment));
    return true;
  });
}

function text(file) {
  return readFileSync(file, 'utf8')
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
    .trim();
}
