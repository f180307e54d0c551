import { messageOf } from '../text/problem';
import { Usage } from './usage';

/** `chasquid-check`: the commands, each loaded when it is called. */
const commands: Record<string, () => Promise<{ run(args: string[]): Promise<number> }>> = {
  lint: () => import('./lint'),
  resolve: () => import('./resolve'),
  dns: () => import('./dns'),
  message: () => import('./message'),
};

/** Whether the usage is asked for: before `--`, after which everything is a name. */
function asksForHelp(args: string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).some(arg => arg === '--help' || arg === '-h');
}

async function called([name = '', ...args]: string[]): Promise<number> {
  if (name === 'help' || asksForHelp([name, ...args])) {
    process.stdout.write(`${Usage.text}\n`);
    return 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) throw new Usage(name === '' ? 'Name a command.' : `There is no command “${name}”.`);
  return (await load()).run(args);
}

/** Runs a command with what was typed after `chasquid-check`. Resolves to the exit status; what went wrong is told on stderr. */
export async function main(args: string[]): Promise<number> {
  try {
    return await called(args);
  } catch (error) {
    process.stderr.write(`chasquid-check: ${messageOf(error)}\n`);
    if (error instanceof Usage) process.stderr.write(`${Usage.text}\n`);
    return 2;
  }
}
