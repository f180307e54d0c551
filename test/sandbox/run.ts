// npm run sandbox -- COMMAND…   runs COMMAND where a world can be booted, and where nothing else can be reached.
import { enter } from './enter';
import { prepare } from './prepare';
import { becomeRoot, obstacle } from './privilege';

async function main(): Promise<number> {
  const command = process.argv.slice(2);
  const problem = command.length === 0 ? 'Say which command to run: npm run sandbox -- COMMAND…' : obstacle();
  if (problem) {
    console.error(problem);
    return 2;
  }
  becomeRoot();
  await prepare();
  return enter(command);
}

void main().then(code => (process.exitCode = code));
