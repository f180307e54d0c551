import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scene } from './scene';

const aliases = 'domains/example.com/aliases';

/** As somebody may bring it along from another mail server. */
const bad = `; People of the office
postmaster: anna
team: anna; ben, carla@other.example # the whole team
sales: Anna <anna@example.com>
Press = ben@example.com
info@example.com: anna
old: anna
old: ben
twice: ben, ben
help: "| /usr/local/bin/ticket"
away: carla@other.example VIA mx.other.example
ring: bell
bell: ring
lost: nobody
store: anna@example.com, :include:/etc/lists/store
this line has no colon
`;

/** A bad aliases file: its findings, and what “fix all” makes of it. */
const scene: Scene = {
  async prepare(folder) {
    const write = async (path: string, text: string): Promise<void> => {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), text);
    };
    await write('chasquid.conf', 'hostname: "mx.example.com"\n');
    const user = (name: string) => `users: { key: "${name}" value: { denied: {} } }\n`;
    await write('domains/example.com/users', user('anna') + user('ben'));
    await write(aliases, bad);
    return { size: { width: 1280, height: 1000 } };
  },
  async play(workbench, picture) {
    const { editor, problems } = workbench;
    const settled = (what: string, enough: (messages: string[]) => boolean) =>
      workbench.until(what, async () => (await problems.shown()).map(problem => problem.message), enough, 30_000);
    await editor.open(aliases);
    await problems.show();
    await settled('the findings', found => found.some(message => message.includes('leads back to itself')));
    await editor.goTo(12);
    await picture('before');
    await editor.goTo(3, 18);
    await editor.press('Control+.');
    await workbench.page.waitForTimeout(1000);
    await picture('quick-fixes');
    await editor.press('Escape');
    await workbench.runCommand('Fix All');
    await settled('what fix all leaves', found => !found.some(message => message.includes('does not begin a comment')));
    // What the first one brought to light.
    await workbench.runCommand('Fix All');
    await workbench.page.waitForTimeout(1500);
    await editor.goTo(12);
    await picture('after');
  },
};

export default scene;
