import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerEntry } from '../../../src/app/settings';
import { Sandbox } from '../../sandbox/index';
import type { Host, HostOptions } from '../../sandbox/host';
import { outputFolder, projectRoot } from '../cache';
import { themes, type Theme } from '../settings';
import { runs } from '../window/row';
import { Workbench } from '../window/workbench';

export interface StageOptions {
  /** Names the folder of its pictures. */
  name: string;
  hosts: HostOptions[];
  /** Done to each host before the window opens. */
  prepare?: (host: Host) => Promise<unknown>;
  /** The servers of the user's settings. */
  servers?: (world: Sandbox) => ServerEntry[];
  settings?: Record<string, unknown>;
  /** Folders of extensions beside the project's own. */
  extensions?: string[];
  environment?: Record<string, string>;
  /** Whether the host keys of the world are in the user's known_hosts. */
  knowsHosts?: boolean;
}

/** The theme of the pictures, `light` or `hc`, so that one can look at what a test shows; the tests hold in each. */
const theme = themes[process.env.CHASQUID_TEST_THEME as Theme] && (process.env.CHASQUID_TEST_THEME as Theme);

/** A mail world with a window of VS Code in it, and a user's home folder. Runs in a namespace made by `enter.ts`. */
export class Stage {
  private constructor(
    readonly world: Sandbox,
    readonly window: Workbench,
    /** The user's home; `.ssh` is in it. */
    readonly home: string,
  ) {}

  static async open(options: StageOptions): Promise<Stage> {
    const home = await mkdtemp(join(tmpdir(), 'chasquid-home-'));
    await mkdir(join(home, '.ssh'), { mode: 0o700 });
    const screenshots = outputFolder('world', theme ? `${options.name}-${theme}` : options.name);
    await rm(screenshots, { recursive: true, force: true });
    const { world, booted } = await Sandbox.begin({ hosts: options.hosts });
    const preparing = booted.then(async () => {
      const known = options.knowsHosts ? world.all().flatMap(knownHost) : [];
      await writeFile(join(home, '.ssh', 'known_hosts'), known.join(''));
      await Promise.all(world.all().map(async host => options.prepare?.(host)));
    });
    let opening: Promise<Workbench> | undefined;
    try {
      opening = Workbench.open({
        screenshots,
        fewBuiltIn: true,
        // Its server listens on a unix socket; it is in the world's network already.
        network: ['env'],
        environment: { HOME: home, SSH_AUTH_SOCK: undefined, ...options.environment },
        extensions: [projectRoot, ...(options.extensions ?? [])],
        settings: {
          'chasquid.dns.resolvers': [world.dns.endpoint],
          'chasquid.servers': options.servers?.(world) ?? [],
          ...options.settings,
        },
        ...(theme ? { theme } : {}),
      });
      const [window] = await Promise.all([opening, preparing]);
      return new Stage(world, window, home);
    } catch (error) {
      await Promise.allSettled([preparing, opening]);
      await opening?.then(window => window.close()).catch(() => undefined);
      await world.close();
      await rm(home, { recursive: true, force: true });
      throw error;
    }
  }

  /** Opens the sidebar and connects this server, on which chasquid must run. */
  async connect(server: string): Promise<void> {
    const { sidebar } = this.window;
    await sidebar.open('Chasquid');
    await sidebar.row(server).click();
    await sidebar.row(server).waitFor('that chasquid runs', row => runs.test(row.description));
    // What is inside of a row moves those below it.
    await sidebar.row(server, 'Service').state();
  }

  async close(): Promise<void> {
    await this.window.close();
    await this.world.close();
    await rm(this.home, { recursive: true, force: true });
  }
}

/** An entry of the settings that logs in with the user's key. */
export function keyEntry(host: Host, user = 'root'): ServerEntry {
  return { name: host.name, host: host.ipv4, user, identityFile: host.clientKeyFile };
}

function knownHost(host: Host): string[] {
  return host.hostKeys.map(key => `${host.ipv4} ${key.line}\n`);
}
