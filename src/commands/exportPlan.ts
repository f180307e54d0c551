import * as vscode from 'vscode';
import { askChoice } from '../views/wizard';
import type { App } from './composedApp';
import { defineCommand, pickServer, type ServerArgs } from './command';
import { askNames, askRest } from './setup/questions';
import { readSteps } from './setup/setUpServer';

interface ExportPlanArgs extends ServerArgs {
  format?: 'shell' | 'ansible';
  hostname?: string;
  steps?: string[];
  inputs?: Record<string, string>;
}

const formats = {
  shell: { title: 'Shell script', detail: 'To be run as root on a server', language: 'shellscript' },
  ansible: { title: 'Ansible playbook', detail: 'For one server or many', language: 'yaml' },
};

export const exportPlan = defineCommand(async (app: App, args: ExportPlanArgs): Promise<string> => {
  const title = 'Export Plan';
  const session = await pickServer(app, args, title);
  const format =
    args.format ??
    (await askChoice<keyof typeof formats>(
      title,
      'Which format?',
      (Object.keys(formats) as (keyof typeof formats)[]).map(value => ({
        label: formats[value].title,
        detail: formats[value].detail,
        value,
      })),
    ));
  if (!Object.hasOwn(formats, format))
    throw new Error(
      `There is no format “${format}”. A plan can be exported as: ${Object.keys(formats).join(', ')}. Choose one of these.`,
    );
  const steps = await readSteps(app);
  const given = {
    ...args.inputs,
    ...(args.domain === undefined ? {} : { domain: args.domain }),
    ...(args.hostname === undefined ? {} : { hostname: args.hostname }),
  };
  const ids = args.steps ?? steps.list.filter(step => !step.optional).map(step => step.id);
  const chosen = steps.list.filter(step => ids.includes(step.id));
  const names = await askNames(title, steps, chosen, given, session.entry.host, session.knownFacts());
  // Secrets are asked for by the plan itself, when it runs.
  const inputs = await askRest(app, title, chosen, names);
  const [{ portablePlan }, { shellPlan }, { ansiblePlan }] = await Promise.all([
    import('../provision/export/portable'),
    import('../provision/export/shell'),
    import('../provision/export/ansible'),
  ]);
  const plan = portablePlan(steps, ids, inputs);
  const text = format === 'shell' ? shellPlan(plan) : ansiblePlan(plan);
  const { language } = formats[format];
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: text, language }));
  return text;
});
