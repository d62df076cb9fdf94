/** The width and quotes of every file; `.prettierignore` says which are left alone. */
export default { printWidth: 120, singleQuote: true, trailingComma: 'all' };
