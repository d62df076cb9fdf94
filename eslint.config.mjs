import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { projectRules } from './scripts/lint/rules.mjs';

const DEFAULT_EXPORTS = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'Export by name.' },
];
const ENVIRONMENT = [
  {
    selector: 'MemberExpression[object.name="process"]:matches([property.name="env"], [property.value="env"])',
    message: 'Only src/config and src/main read the environment; take what you need as an argument.',
  },
  {
    selector: 'VariableDeclarator[init.name="process"] > ObjectPattern',
    message: 'Only src/config and src/main read the environment; take what you need as an argument.',
  },
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?process$/]',
    message: 'Use the global `process`, so that readers of the environment are found.',
  },
];
const CLASSES = [
  {
    selector: 'ClassDeclaration, ClassExpression',
    message:
      'A function will do; the only classes are DomainFailure (src/base/errors.ts) and AwsRefusal (src/sandbox/contract.ts).',
  },
];
/** What plain JavaScript may use without an import; TypeScript files have the compiler for that. */
const NODE_GLOBALS = Object.fromEntries(
  ['AbortSignal', 'Buffer', 'URL', '__dirname', '__filename', 'clearInterval', 'clearTimeout', 'console', 'fetch']
    .concat(['module', 'performance', 'process', 'require', 'setInterval', 'setTimeout'])
    .map((name) => [name, 'readonly']),
);

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.venv/', '.generated/', '.stores/', '.mallard/', 'src/base/api.ts']),
  {
    extends: [eslint.configs.recommended],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { mallard: projectRules },
    rules: {
      'mallard/reasoned-disables': 'error',
      'max-lines': ['error', { max: 350, skipBlankLines: true, skipComments: true }],
      'no-duplicate-imports': 'error',
      'no-restricted-syntax': ['error', ...DEFAULT_EXPORTS],
      'no-console': 'error',
      eqeqeq: 'error',
      'prefer-const': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
    },
  },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // `return next()` ends a middleware in one line.
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // `[...text].length` counts characters as people and AWS do.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // A step without needs has the type `Record<never, never>`, on purpose.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // A third of the whole lint's time, for things that do not occur here: enums, and classes made to look like others.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // A function may be async because its interface is, and await nothing: so does every memory binding.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'mallard/layers': 'error',
      'no-restricted-syntax': ['error', ...DEFAULT_EXPORTS, ...ENVIRONMENT, ...CLASSES],
    },
  },
  {
    files: ['src/domain/**/*.ts'],
    // Reads have their one retry in context.ts; the cleaner's schedule is no step.
    ignores: ['src/domain/shared/context.ts', 'src/domain/cleaner/schedule.ts'],
    rules: { 'mallard/steps-by-policy': 'error' },
  },
  {
    files: ['src/config/**/*.ts', 'src/main.ts', 'src/main/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...DEFAULT_EXPORTS, ...CLASSES] },
  },
  {
    files: ['src/base/errors.ts', 'src/sandbox/contract.ts'],
    rules: { 'no-restricted-syntax': ['error', ...DEFAULT_EXPORTS, ...ENVIRONMENT] },
  },
  {
    // `expect(client.method)` takes methods on purpose, and `expect.any(…)` is of type any.
    files: ['test/**/*.ts'],
    rules: {
      // A table of cases has more lines than code: prettier breaks each of its rows.
      'max-lines': ['error', { max: 450, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      'no-console': 'off',
    },
  },
  {
    // The tools that read these files want a default export; a declaration file describes what a loader gives.
    files: ['*.config.mjs', '**/*.d.ts', 'test/support/global-*.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: NODE_GLOBALS },
  },
  { files: ['scripts/**', 'test/bench/**'], rules: { 'no-console': 'off' } },
);
