import type { Scene } from './scene';

/** The side bar as it greets a user who has no server yet, and the extension's commands in the palette. */
const scene: Scene = {
  async play(workbench, picture) {
    await workbench.sidebar.open('Chasquid');
    await workbench.sidebar.welcome();
    await picture('welcome');
    await workbench.page.keyboard.press('F1');
    await workbench.quickInput.type('>Chasquid: ');
    await workbench.quickInput.hasRow(/^Chasquid: /, 10_000);
    await picture('commands');
  },
};

export default scene;
