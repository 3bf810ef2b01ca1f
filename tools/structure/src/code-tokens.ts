import ts from 'typescript'

/** The tokens of a program: names, strings, regular expressions, signs; comments are none. */
export const codeTokens = (path: string, text: string): readonly string[] => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const tokens: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return
    const children = node.getChildren(file)
    if (children.length === 0) tokens.push(node.getText(file))
    for (const child of children) visit(child)
  }
  visit(file)
  return tokens
}
