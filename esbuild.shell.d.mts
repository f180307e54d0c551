import type { Plugin } from 'esbuild';

export const shellScripts: Plugin;
