import { spawn } from 'node:child_process';
import type { Shell } from '../../src/host/protocol/shell';
import { shellQuote } from '../../src/ssh/quote';

/** Runs scripts on this very machine with the protocol of the servers: script on standard input, JSON lines on descriptor 3. */
export const localShell: Shell = {
  run: (script, options = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn('sh', { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], signal: options.signal });
      let output = '';
      let lines = '';
      const collect = (chunk: Buffer) => {
        output += chunk.toString();
        options.onOutput?.(chunk.toString());
      };
      child.stdout.on('data', collect);
      child.stderr.on('data', collect);
      child.stdio[3]!.on('data', (chunk: Buffer) => (lines += chunk.toString()));
      child.on('error', reject);
      child.on('close', code => {
        const result = lines
          .split('\n')
          .filter(Boolean)
          .map(line => JSON.parse(line) as unknown);
        resolve({ code, result, output });
      });
      const inputs = Object.entries(options.inputs ?? {}).map(([name, value]) => `${name}=${shellQuote(value)}\n`);
      child.stdin.end(`{\n${inputs.join('')}${script}\n} </dev/null\n`);
    }),
};
