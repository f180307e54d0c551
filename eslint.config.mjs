import js from '@eslint/js';
import regexp from 'eslint-plugin-regexp';
import globals from 'globals';
import ts from 'typescript-eslint';
import { layersRule } from './layersRule.mjs';

/** VS Code's own surfaces, which make links and icons of what they are given: `src/app/window.ts` alone may use them. */
const surfaces = [
  'showInformationMessage',
  'showWarningMessage',
  'showErrorMessage',
  'showQuickPick',
  'showInputBox',
  'createQuickPick',
  'createInputBox',
  'setStatusBarMessage',
  'createStatusBarItem',
  'withProgress',
  'MarkdownString',
  'TreeItem',
];

export default ts.config(
  { ignores: ['dist', 'node_modules', 'demo-out', 'test-out'] },
  js.configs.recommended,
  ...ts.configs.strict,
  {
    languageOptions: { globals: globals.node },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-control-regex': 'off',
      eqeqeq: 'error',
      'max-lines': ['warn', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/app/window.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['CallExpression', 'NewExpression'].map(node => ({
          selector: `${node}[callee.property.name=/^(${surfaces.join('|')})$/]`,
          message: 'Text reaches VS Code through src/app/window.ts only, which makes it inert.',
        })),
        {
          selector: `ImportDeclaration[source.value='vscode'] > ImportSpecifier`,
          message: 'Import vscode as a namespace (import * as vscode), so that each use of it can be seen.',
        },
        {
          selector: `VariableDeclarator[init.type='MemberExpression'][init.object.name='vscode'][id.type='ObjectPattern']`,
          message: 'Use vscode.window and the like by their full names, so that each use can be seen.',
        },
      ],
    },
  },
  {
    // Text from outside must not hold anything up: test/unit/patterns.test.ts tries every pattern as well.
    files: ['src/**', 'webview/**'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
    },
  },
  {
    files: ['src/**', 'webview/**'],
    plugins: { architecture: { rules: { layers: layersRule } } },
    rules: { 'architecture/layers': 'error' },
  },
  { files: ['webview/**'], languageOptions: { globals: globals.browser } },
);
