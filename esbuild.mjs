// Builds the extension (dist/extension.js and the chunks it loads when first needed), the panel's page (dist/webview)
// and the command line (dist/cli.js).
import * as esbuild from 'esbuild';
import { existsSync, rmSync } from 'node:fs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'info',
  legalComments: 'none',
  metafile: true,
};
/** @type {import('esbuild').BuildOptions} */
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // ssh2's native parts are optional: it falls back to JavaScript without them.
  external: ['vscode', 'cpu-features', './crypto/build/Release/sshcrypto.node'],
  loader: { '.sh': 'text', '.yaml': 'text', '.node': 'empty' },
};

/** @type {import('esbuild').BuildOptions[]} */
const builds = [
  {
    // ES modules, so that what is imported dynamically becomes a chunk of its own, loaded when first needed.
    ...node,
    entryPoints: ['src/extension.ts'],
    outdir: 'dist',
    format: 'esm',
    splitting: true,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    // What the bundled CommonJS packages expect to find.
    banner: {
      js: [
        "import{createRequire as nodeRequire}from'node:module';",
        "import{fileURLToPath as nodePath}from'node:url';",
        "import{dirname as nodeDirname}from'node:path';",
        'const require=nodeRequire(import.meta.url),__filename=nodePath(import.meta.url),__dirname=nodeDirname(__filename);',
      ].join(''),
    },
  },
  { ...node, entryPoints: ['src/cli.ts'], outdir: 'dist', banner: { js: '#!/usr/bin/env node' } },
  {
    ...common,
    entryPoints: ['webview/dnsPanel.ts'],
    outdir: 'dist/webview',
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    loader: { '.css': 'css', '.ttf': 'file' },
  },
].filter(build => existsSync(build.entryPoints[0]));

rmSync('dist', { recursive: true, force: true });
if (watch) {
  for (const build of builds) await (await esbuild.context(build)).watch();
} else {
  await Promise.all(builds.map(build => esbuild.build(build)));
}
