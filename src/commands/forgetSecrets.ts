import { secretTitle } from '../app/secretTitle';
import { confirm, showInformation } from '../app/window';
import { askChoices } from '../views/wizard';
import type { App } from './composedApp';
import { defineCommand } from './command';

interface ForgetArgs {
  /** Titles of secrets, such as `Password of root@mail.example.com:22`. */
  secrets?: string[];
}

/** Lists by name what is stored, and deletes what is chosen. @returns the titles of what was deleted */
export const forgetSecrets = defineCommand(async (app: App, args: ForgetArgs, { interactive, mustConfirm }) => {
  const title = 'Forget Stored Secrets';
  const stored = (await app.secrets.list())
    .map(({ name, servers }) => ({ title: secretTitle(name), name, servers }))
    .sort((a, b) => a.title.localeCompare(b.title));
  if (stored.length === 0) {
    if (interactive) void showInformation('No password, passphrase or key is stored.');
    return [];
  }
  const chosen = args.secrets
    ? stored.filter(secret => args.secrets!.includes(secret.title))
    : await askChoices(
        title,
        'Choose what to delete from VS Code’s secret storage',
        stored.map(secret => ({ label: secret.title, description: secret.servers.join(', '), value: secret })),
      );
  if (chosen.length === 0) return [];
  const what = chosen.length === 1 ? chosen[0]!.title : `${chosen.length} secrets`;
  if (mustConfirm) {
    await confirm(`Delete ${chosen.length === 1 ? `“${what}”` : what}?`, {
      detail: `${chosen.map(secret => secret.title).join('\n')}\n\nThey are asked for when they are needed again.`,
      button: 'Delete',
    });
  }
  for (const { name } of chosen) await app.secrets.delete(name);
  if (interactive) void showInformation(`Deleted: ${what}.`);
  return chosen.map(secret => secret.title);
});
