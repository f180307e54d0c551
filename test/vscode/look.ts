/**
 * `npm run look -- SCENE… [light|dark|hc]…`: plays scenes of `test/vscode/scenes` in VS Code and writes pictures of them
 * to `test-out/vscode/look/SCENE/THEME/`, in all three themes unless some are named. Without a scene it lists them.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { outputFolder, projectRoot } from './cache';
import type { Scene } from './scenes/scene';
import { themes, type Theme } from './settings';
import { Workbench } from './window/workbench';

const sceneFolder = join(import.meta.dirname, 'scenes');
const scenes = globSync('*.scene.ts', { cwd: sceneFolder }).map(name => basename(name, '.scene.ts'));

async function main(words: string[]): Promise<number> {
  const wanted = words.filter(word => !(word in themes));
  const inThemes = words.filter((word): word is Theme => word in themes);
  const unknown = wanted.filter(word => !scenes.includes(word));
  if (wanted.length === 0 || unknown.length > 0) {
    for (const word of unknown) console.error(`There is no scene "${word}".`);
    console.error(`Scenes: ${scenes.join(', ')}\nThemes: ${Object.keys(themes).join(', ')}`);
    return 2;
  }
  const built = spawnSync(process.execPath, ['esbuild.mjs'], {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (built.status !== 0) return 1;
  for (const name of wanted) {
    const { default: scene } = (await import(join(sceneFolder, `${name}.scene.ts`))) as { default: Scene };
    for (const theme of inThemes.length > 0 ? inThemes : (Object.keys(themes) as Theme[]))
      await play(name, scene, theme);
  }
  return 0;
}

async function play(name: string, scene: Scene, theme: Theme): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), `chasquid-${name}-`));
  const screenshots = outputFolder('look', name, theme);
  await rm(screenshots, { recursive: true, force: true });
  const options = (await scene.prepare?.(folder)) ?? {};
  const workbench = await Workbench.open({ folder, ...options, theme, screenshots });
  try {
    await scene.play(workbench, async picture => {
      console.log(relative(process.cwd(), await workbench.screenshot(picture)));
    });
  } finally {
    await workbench.close();
    await rm(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).then(
  code => process.exit(code),
  error => {
    console.error(error);
    process.exit(1);
  },
);
