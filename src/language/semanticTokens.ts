import * as vscode from 'vscode';
import { resolveStep } from '../chasquid/aliases/resolve';
import { splitAddress } from '../chasquid/normalize';
import type { OpenAliases } from './openAliases';
import { worldWith } from './roots';

const legend = new vscode.SemanticTokensLegend(
  ['variable', 'function', 'string', 'class', 'keyword'],
  ['declaration', 'deprecated'],
);

/** Colours the recipients by what they are: a user here, an alias, another server; a line without effect fades. */
export function registerSemanticTokens(open: OpenAliases): vscode.Disposable {
  return vscode.languages.registerDocumentRangeSemanticTokensProvider(
    { language: 'chasquid-aliases' },
    {
      async provideDocumentRangeSemanticTokens(document, range) {
        const builder = new vscode.SemanticTokensBuilder(legend);
        const { root, file } = await open(document);
        const world = root && worldWith(root, file.context.domain, file.entries);
        for (let index = range.start.line; index <= Math.min(range.end.line, file.lineCount - 1); index++) {
          const line = file.line(index);
          if (line.kind !== 'entry') continue;
          const dead = line.keyError !== undefined || (file.entries.lineOf(line.key) ?? index) !== index;
          push(builder, index, line.left, 'variable', dead ? ['declaration', 'deprecated'] : ['declaration']);
          for (const target of line.targets) {
            if (!target.recipient || target.error) continue;
            push(builder, index, { start: target.start, end: target.addressEnd }, kindOf(target.recipient.address));
          }
        }
        function kindOf(address: string): string {
          if (!world || !world.domains.has(splitAddress(address)[1])) return 'string';
          const step = resolveStep(world, address);
          return step.next ? 'function' : 'class';
        }
        return builder.build();
      },
    },
    legend,
  );
}

function push(
  builder: vscode.SemanticTokensBuilder,
  line: number,
  span: { start: number; end: number },
  type: string,
  modifiers: string[] = [],
): void {
  if (span.end > span.start) builder.push(new vscode.Range(line, span.start, line, span.end), type, modifiers);
}
