import js from '@eslint/js';
import globals from 'globals';
import ts from 'typescript-eslint';

/** The rooms of src/ below the line: they know nothing of VS Code. */
const core = ['chasquid', 'dns', 'mail', 'ssh', 'host', 'provision'];
/** The ground floor: pure rooms which do not know that a server is reached over SSH. */
const ground = ['chasquid', 'dns', 'mail'];

/** @param {string[]} rooms */
const forbid = (rooms, message) => ({
  group: rooms.flatMap(room => [`**/${room}/*`, `**/${room}`]),
  message,
});
const noEditor = { group: ['vscode'], message: 'The core never imports vscode (ARCHITECTURE.md, rule 1).' };
const upward = 'Arrows point down (ARCHITECTURE.md, rule 2).';

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
  { files: ['webview/**'], languageOptions: { globals: globals.browser } },
  {
    files: ['src/cli.ts', 'src/cli/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [noEditor, forbid(['commands', 'views', 'language'], upward)] }],
    },
  },
  ...core.map(room => ({
    files: [`src/${room}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            noEditor,
            forbid(['commands', 'views', 'language'], upward),
            ...(ground.includes(room) ? [forbid(['ssh', 'host', 'provision'], upward)] : []),
            ...(room === 'ssh' ? [forbid(['host', 'provision'], upward)] : []),
            ...(room === 'host' ? [forbid(['provision'], upward)] : []),
          ],
        },
      ],
    },
  })),
);
