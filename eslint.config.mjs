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
  ...ts.configs.strictTypeChecked,
  {
    languageOptions: {
      globals: globals.node,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // What `strictTypeChecked` asks for and is not wanted, each with its reason.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }], // Sentences have numbers.
      '@typescript-eslint/no-confusing-void-expression': 'off', // A callback may end in a call that returns nothing.
      '@typescript-eslint/require-await': 'off', // An async function gives its errors as rejections, also without an await.
      '@typescript-eslint/unbound-method': 'off', // Our interfaces write functions as methods; their objects use no `this`.
      '@typescript-eslint/no-unnecessary-condition': 'off', // The compiler does not see what changes during an await, or in old hosts.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }], // Spreading a string takes it apart into code points: meant.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off', // VS Code's `Disposable` is also an interface.
      '@typescript-eslint/no-meaningless-void-operator': 'off', // `return void f()` does something and ends a function that gives nothing.
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off', // The type says what is known of who rejects.
      // An abort signal's reason is thrown as it is; `ProtoFailure` and `Resync` leave the parser without the cost of an Error.
      '@typescript-eslint/only-throw-error': [
        'error',
        { allowThrowingUnknown: true, allowThrowingAny: true, allow: ['ProtoFailure', 'Resync'] },
      ],
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingUnknown: true, allowThrowingAny: true },
      ],
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
  {
    files: ['test/**'],
    rules: {
      // node:test awaits its tests itself.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
      // Tests read what programs and pages answer as it comes; an assertion says whether it is what it should be.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-implied-eval': 'off', // What we export to be run is run.
    },
  },
  { files: ['**/*.mjs'], ...ts.configs.disableTypeChecked },
);
