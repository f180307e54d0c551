import { isAbsolute, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log, ReportingDescriptor, Result } from 'sarif';
import { type Diagnostic, shownMessage } from '../chasquid/diagnostics';
import { Positions } from '../chasquid/positions';
import { printable, trimSpace } from '../chasquid/text';
import type { FileReport } from '../chasquid/tree/lint';
import type { Severity } from '../text/problem';

/** One finding as `chasquid-check lint --format json` gives it; line and column from 1, columns in UTF-16 units. */
export interface LintRecord {
  path: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  severity: Severity;
  code: string;
  message: string;
  upstream?: string;
}

function records(reports: readonly FileReport[]): LintRecord[] {
  return reports.flatMap(({ path, text, diagnostics }) => {
    const positions = new Positions(text);
    return diagnostics.map(each => record(path, positions, each));
  });
}

function record(
  path: string,
  positions: Positions,
  { range, severity, code, message, upstream }: Diagnostic,
): LintRecord {
  const [start, end] = [positions.at(range.start), positions.at(range.end)];
  return {
    path,
    line: start.line + 1,
    column: start.column + 1,
    endLine: end.line + 1,
    endColumn: end.column + 1,
    severity,
    code,
    message: shownMessage(message),
    ...(upstream !== undefined && { upstream: trimSpace(printable(upstream)) }),
  };
}

export const lintFormats: Record<
  'text' | 'json' | 'sarif' | 'github',
  (reports: readonly FileReport[], version: string) => string
> = {
  json: reports => `${JSON.stringify(records(reports), null, 2)}\n`,
  text: reports => {
    const all = records(reports);
    const lines = all
      .filter(each => each.severity !== 'hint')
      .map(each => {
        const upstream = each.upstream === undefined ? '' : `\n    chasquid reports: ${each.upstream}`;
        return `${each.path}:${each.line}:${each.column}: ${each.severity}: ${each.message} [${each.code}]${upstream}\n`;
      });
    return lines.join('');
  },
  github: reports =>
    records(reports)
      .filter(each => each.severity !== 'hint')
      .map(each => {
        const level = each.severity === 'error' ? 'error' : each.severity === 'warning' ? 'warning' : 'notice';
        const place = `file=${property(fromHere(each.path))},line=${each.line},col=${each.column},endLine=${each.endLine},endColumn=${each.endColumn}`;
        return `::${level} ${place},title=${property(each.code)}::${data(each.message)}\n`;
      })
      .join(''),
  sarif: (reports, version) => `${JSON.stringify(sarif(records(reports), version), null, 2)}\n`,
};

/** Escapes of GitHub's workflow commands. */
function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

const project = 'https://github.com/chasquid-tools/vscode-chasquid';
const levels: Record<Severity, Result.level> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

/** SARIF 2.1.0; columns count UTF-16 units, as `columnKind` says. */
function sarif(all: readonly LintRecord[], version: string): Log {
  const rules = [...new Set(all.map(each => each.code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'chasquid-check',
            informationUri: project,
            properties: { chasquid: version },
            rules: rules.map(ruleOf),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: all.map(each => resultOf(each, rules.indexOf(each.code))),
      },
    ],
  };
}

function ruleOf(id: string): ReportingDescriptor {
  return { id, helpUri: `${project}/blob/main/docs/diagnostics.md#${id}` };
}

function resultOf(each: LintRecord, ruleIndex: number): Result {
  const { line: startLine, column: startColumn, endLine, endColumn } = each;
  const place = {
    artifactLocation: { uri: uriOf(each.path) },
    region: { startLine, startColumn, endLine, endColumn },
  };
  return {
    ruleId: each.code,
    ruleIndex,
    level: levels[each.severity],
    message: { text: each.message },
    locations: [{ physicalLocation: place }],
    ...(each.upstream !== undefined && { properties: { upstream: each.upstream } }),
  };
}

/** A relative path stays relative, as code scanning wants it; signs that mean something in a URI are escaped. */
function uriOf(path: string): string {
  if (isAbsolute(path)) return pathToFileURL(path).href;
  return fromHere(path).split(sep).map(encodeURIComponent).join('/');
}

/** Without a leading `./`, which annotations do not understand. */
function fromHere(path: string): string {
  return path.replace(/^(\.\/+)+(?=.)/, '');
}
