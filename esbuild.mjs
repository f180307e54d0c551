// Builds the extension (dist/extension.mjs and the chunks it loads when first needed), the panel's page (dist/webview),
// the command line (dist/cli.js, which loads dist/cli/) and dist/ThirdPartyNotices.txt. `--outdir=FOLDER` builds elsewhere than in dist.
import * as esbuild from 'esbuild';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellScripts } from './esbuild.shell.mjs';
import { thirdPartyNotices } from './notices.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const out = process.argv.find(arg => arg.startsWith('--outdir='))?.slice('--outdir='.length) ?? 'dist';

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'info',
  // They are in ThirdPartyNotices.txt.
  legalComments: 'none',
  metafile: true,
};
/** @type {import('esbuild').BuildOptions} */
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  // ES modules, so that what is imported dynamically becomes a chunk of its own, loaded when first needed.
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  // What the bundled CommonJS packages expect to find.
  banner: {
    js: [
      "import{createRequire as nodeRequire}from'node:module';",
      "import{fileURLToPath as nodePath}from'node:url';",
      "import{dirname as nodeDirname}from'node:path';",
      'const require=nodeRequire(import.meta.url),__filename=nodePath(import.meta.url),__dirname=nodeDirname(__filename);',
    ].join(''),
  },
  // ssh2's native parts are optional: it falls back to JavaScript without them.
  external: ['vscode', 'cpu-features', './crypto/build/Release/sshcrypto.node'],
  loader: { '.sh': 'text', '.yaml': 'text', '.node': 'empty' },
  plugins: [shellScripts],
};

/** @type {import('esbuild').BuildOptions[]} */
const builds = [
  { ...node, entryPoints: ['src/extension.ts'], outdir: out, chunkNames: 'chunks/[name]-[hash]' },
  // By itself, so that what both need does not split the extension further.
  { ...node, entryPoints: ['src/cli.ts'], outdir: join(out, 'cli') },
  {
    ...common,
    entryPoints: ['webview/dnsPanel.ts'],
    outdir: join(out, 'webview'),
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    loader: { '.css': 'css', '.ttf': 'file' },
  },
];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
// Named .js for `bin`; the rest is loaded command by command, since compiling all of it takes longer than most checks.
writeFileSync(join(out, 'cli.js'), "#!/usr/bin/env node\nimport('./cli/cli.mjs');\n");
if (watch) {
  for (const build of builds) await (await esbuild.context(build)).watch();
} else {
  const results = await Promise.all(builds.map(build => esbuild.build(build)));
  const notices = thirdPartyNotices(results.map(({ metafile }) => metafile));
  writeFileSync(join(out, 'ThirdPartyNotices.txt'), notices);
}
