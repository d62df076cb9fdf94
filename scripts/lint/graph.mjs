// The import graph of src, type-only imports included, and its circles: test/layers.test.ts wants none.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { posix } from 'node:path';
import { inProject } from '../lib/project.mjs';

const ts = createRequire(import.meta.url)('typescript');

/** @param {string} file @returns {string[]} what a text names with import, export … from, import() or import('…') types */
function specifiers(file) {
  const found = [];
  const visit = (node) => {
    const written = ts.isImportDeclaration(node) || ts.isExportDeclaration(node) ? node.moduleSpecifier : undefined;
    if (written) found.push(written.text);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) found.push(node.argument.literal.text);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      found.push(node.arguments[0]?.text ?? '');
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(inProject(file), 'utf8'), ts.ScriptTarget.Latest, true));
  return found;
}

/**
 * Who imports whom, by paths such as `src/engine/walk.ts`.
 * @returns {ReadonlyMap<string, readonly string[]>}
 */
export function importGraph() {
  const files = readdirSync(inProject('src'), { recursive: true })
    .map((name) => posix.join('src', name.replaceAll('\\', '/')))
    .filter((name) => name.endsWith('.ts'));
  const known = new Set(files);
  const target = (from, specifier) => {
    const path = posix.join(posix.dirname(from), specifier.replace(/^thread:/, ''));
    return [`${path}.ts`, `${path}/index.ts`, path].find((candidate) => known.has(candidate));
  };
  return new Map(
    files.map((file) => [
      file,
      specifiers(file)
        .filter((specifier) => /^(thread:)?\./.test(specifier))
        .map((specifier) => target(file, specifier))
        .filter((path) => path !== undefined),
    ]),
  );
}

/**
 * The circles of a graph: groups of files of which each reaches each other one (Tarjan, 1972).
 * @param {ReadonlyMap<string, readonly string[]>} graph
 * @returns {string[][]}
 */
export function circles(graph) {
  const order = new Map();
  const low = new Map();
  const stack = [];
  const found = [];
  const visit = (node) => {
    order.set(node, order.size);
    low.set(node, order.get(node));
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node), low.get(next)));
    }
    if (low.get(node) !== order.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1 || graph.get(node)?.includes(node)) found.push(group);
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}
