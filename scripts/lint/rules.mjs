// The project's own ESLint rules.
import { relative, sep } from 'node:path';
import { violation } from './layers.mjs';

/** `'./x' as string` is still './x'. */
const withoutCast = (node) => (node?.type === 'TSAsExpression' ? withoutCast(node.expression) : node);
const isString = (node) => node?.type === 'Literal' && typeof node.value === 'string';

/** Every way to name another module, static, type-only and at run time. */
const layers = {
  meta: { type: 'problem', schema: [], messages: { wrong: '{{ text }}.' } },
  create(context) {
    const file = relative(context.cwd, context.filename).split(sep).join('/');
    const judge = (written, kind) => {
      const source = withoutCast(written);
      const text = isString(source)
        ? violation(file, source.value, kind)
        : 'what is loaded must be a string literal, so that the layers can be checked';
      if (text !== undefined) context.report({ node: source, messageId: 'wrong', data: { text } });
    };
    const kindOf = (declared) => (declared === 'type' ? 'type' : 'value');
    return {
      ImportDeclaration: (node) => judge(node.source, kindOf(node.importKind)),
      ExportAllDeclaration: (node) => judge(node.source, kindOf(node.exportKind)),
      ExportNamedDeclaration: (node) => {
        if (node.source) judge(node.source, kindOf(node.exportKind));
      },
      ImportExpression: (node) => judge(node.source, 'dynamic'),
      TSImportType: (node) => judge(node.source ?? node.argument?.literal, 'type'),
      TSExternalModuleReference: (node) => judge(node.expression, 'value'),
      'CallExpression[callee.name="require"]': (node) => judge(node.arguments[0] ?? node, 'value'),
      'CallExpression[callee.property.name="resolve"][callee.object.name="require"]': (node) =>
        judge(node.arguments[0] ?? node, 'value'),
    };
  },
};

const DIRECTIVE = /^\s*eslint-(disable|enable)(-next-line|-line)?\b/;

/** A switched-off rule says which one and why: `eslint-disable-next-line rule -- reason`. */
const reasonedDisables = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      reason: 'Say why: `{{ directive }} rule -- reason`.',
      rule: 'Name the rule: `{{ directive }} rule -- reason`.',
    },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const directive = DIRECTIVE.exec(comment.value)?.[0].trim();
          if (directive === undefined || directive === 'eslint-enable') continue;
          const [rules = '', reason = ''] = comment.value
            .slice(comment.value.indexOf(directive) + directive.length)
            .split(/\s-{2,}\s/);
          // Column -1 lies before the comment's own reach: it cannot switch off this report.
          const loc = { start: { line: comment.loc.start.line, column: -1 }, end: comment.loc.end };
          if (rules.trim() === '') context.report({ loc, messageId: 'rule', data: { directive } });
          if (reason.trim().length < 8) context.report({ loc, messageId: 'reason', data: { directive } });
        }
      },
    };
  },
};

const OWN_TRIES = new Set(['retry', 'eventually', 'goneEventually', 'sleep']);
const PARTS_OF_STEPS = 'Property[key.name=/^(run|undo|alreadyDone)$/]';

/** A step waits and tries again by its policy alone, and leaves to its next attempt what its scope's memory keeps. */
const stepsByPolicy = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      loop: 'A step tries again by its policies (`retry`, `undoRetry`, `isDone`); a look may use `reading`.',
      captured:
        "`{{ name }}` does not outlive the process: keep it in the `memory` of the step's scope, or in its result.",
    },
  },
  create(context) {
    const judgeCaptured = (node) => {
      for (const { identifier, resolved } of context.sourceCode.getScope(node.body).through) {
        const isLet = resolved?.defs.some(({ parent }) => parent?.kind === 'let' || parent?.kind === 'var');
        if (isLet) context.report({ node: identifier, messageId: 'captured', data: { name: identifier.name } });
      }
    };
    return {
      CallExpression: (node) => {
        const called = node.callee.type === 'MemberExpression' ? node.callee.property : node.callee;
        if (OWN_TRIES.has(called.name)) context.report({ node, messageId: 'loop' });
      },
      [`${PARTS_OF_STEPS} > ArrowFunctionExpression`]: judgeCaptured,
      [`${PARTS_OF_STEPS} > FunctionExpression`]: judgeCaptured,
    };
  },
};

export const projectRules = {
  rules: { layers, 'reasoned-disables': reasonedDisables, 'steps-by-policy': stepsByPolicy },
};
