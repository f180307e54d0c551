import type { RootShell } from '../../src/host/protocol/privilege';
import type { SshConnection } from '../../src/ssh/connection';
import type { Host, Suite } from '../sandbox/host';
import { Sandbox } from '../sandbox/index';
import { withChasquid } from './chasquid';
import { connectRoot } from './connect';

export const suites: readonly Suite[] = ['bookworm', 'trixie'];

/** A world with one host of each Debian generation (or of one of them), set up, and our root shell on each. */
export interface BothSuites {
  world: Sandbox;
  shells: ReadonlyMap<Suite, RootShell & { connection: SshConnection }>;
  /** Ends the connections and the world. */
  close(): Promise<void>;
}

/** Boots the hosts side by side, chasquid installed, and lets `setUp` make of each what the tests need. Always `close` what was booted. */
export async function bootBoth(
  setUp: (host: Host, world: Sandbox) => Promise<unknown>,
  wanted: readonly Suite[] = suites,
): Promise<BothSuites> {
  const world = await Sandbox.boot({ hosts: wanted.map(suite => ({ name: suite, suite, ready: withChasquid })) });
  const shells = new Map<Suite, RootShell & { connection: SshConnection }>();
  const close = async (): Promise<void> => {
    for (const shell of shells.values()) shell.connection.close();
    await world.close();
  };
  try {
    await Promise.all(
      wanted.map(async suite => {
        await setUp(world.host(suite), world);
        shells.set(suite, await connectRoot(world.host(suite)));
      }),
    );
    return { world, shells, close };
  } catch (error) {
    await close();
    throw error;
  }
}
