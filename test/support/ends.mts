/**
 * For `node --import` before a file of tests: fails the file, and says why, when it goes on after its tests are over because they
 * (or what they test) have left something open. Without it such a file would never end.
 */
import { after } from 'node:test';

/** From the end of the last test on; the file's own `after` may still be closing what it had opened. */
const patienceMs = Number(process.env['CHASQUID_TEST_ENDS_MS'] || 60_000);

interface Handle {
  remoteAddress?: string;
  remotePort?: number;
  spawnfile?: string;
}

after(() => {
  setTimeout(() => {
    console.error(
      `The tests are over, and this is still open: ${stillOpen().join(', ') || 'nothing known'}. Close it.`,
    );
    process.exit(1);
  }, patienceMs).unref();
});

/** In words that help to find where it was opened. */
function stillOpen(): string[] {
  const { _getActiveHandles } = process as unknown as { _getActiveHandles(): Handle[] };
  const own: unknown[] = [process.stdin, process.stdout, process.stderr];
  const handles = _getActiveHandles().filter(handle => !own.includes(handle));
  const named = handles.map(({ constructor, remoteAddress, remotePort, spawnfile }) => {
    const what = remoteAddress === undefined ? spawnfile : `to ${remoteAddress} port ${remotePort}`;
    return what === undefined ? constructor.name : `${constructor.name} ${what}`;
  });
  return [...named, ...process.getActiveResourcesInfo().filter(kind => !/Pipe|TTY|Socket|Server/.test(kind))];
}
