/** Runs inside a sandbox: Debian 12's chasquid-util and what is ours on the same aliases file, one after the other. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintTree } from '../../../src/chasquid/tree/lint';
import { readTree } from '../../../src/chasquid/tree/read';
import { nodeFiles } from '../../../src/cli/nodeFiles';
import { Sandbox } from '../../sandbox';
import { manyAliases } from './manyAliases';
import { versionOf } from '../../../src/chasquid/versions';

/** Times in milliseconds. */
export interface SideBySide {
  lines: number;
  /** Of the whole process of chasquid-util. */
  chasquid: number[];
  /** Reading the folder and finding all there is, in a process that runs already. */
  ours: number[];
  /** Of the whole process of chasquid-check. */
  command: number[];
}

const lines = 100_000;
const rounds = 7;
const cli = join(import.meta.dirname, '../../../dist/cli.js');

async function main(resultFile: string): Promise<void> {
  const world = await Sandbox.boot({ hosts: [{ name: 'host', suite: 'bookworm', hostname: 'bench.example.test' }] });
  try {
    const host = world.host('host');
    const text = manyAliases(lines);
    await host.sh('apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y chasquid');
    await host.sh(
      'mkdir -p /bench/domains/example.com; cd /bench; : >chasquid.conf; cat >domains/example.com/aliases',
      {
        stdin: text,
      },
    );
    const folder = join(world.folder, 'bench');
    mkdirSync(join(folder, 'domains/example.com'), { recursive: true });
    writeFileSync(join(folder, 'chasquid.conf'), '');
    writeFileSync(join(folder, 'domains/example.com/aliases'), text);
    const result: SideBySide = { lines, chasquid: [], ours: [], command: [] };
    for (let round = 0; round < rounds; round++) {
      const printed = await host.sh(`cd /bench; begin=$(date +%s%N)
        chasquid-util -C=/bench aliases-resolve person0@example.com >/dev/null
        echo $(( ($(date +%s%N) - begin) / 1000 ))`);
      result.chasquid.push(Number(printed) / 1000);
      const begin = performance.now();
      lintTree(await readTree(nodeFiles, folder), versionOf('1.11'), Date.now());
      result.ours.push(performance.now() - begin);
      const start = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [cli, 'lint', '--chasquid', '1.11', folder], {
        maxBuffer: 1 << 28,
      });
      result.command.push(performance.now() - start);
      if (status === null || status > 1) throw new Error(String(stderr));
    }
    writeFileSync(resultFile, JSON.stringify(result));
  } finally {
    await world.close();
  }
}

main(process.argv[2]!).then(
  () => process.exit(0),
  error => {
    console.error(error);
    process.exit(1);
  },
);
