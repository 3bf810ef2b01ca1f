/**
 * The commands of a recipe: every line of the `sh` blocks in the section with this heading, in order.
 *
 * @param heading as in `### A head`, without the number signs
 * @throws Error where there is no such section, or no command in it
 */
export const recipeCommands = (markdown: string, heading: string): readonly string[] => {
  const lines = markdown.split('\n')
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading)
  if (start < 0) throw new Error(`recipeCommands: there is no section '${heading}'.`)
  const level = /^#+/.exec(lines[start] ?? '')?.[0].length ?? 0
  const commands: string[] = []
  let inside = false
  for (const line of lines.slice(start + 1)) {
    if (!inside && new RegExp(`^#{1,${level}} `).test(line)) break
    const text = line.trim()
    if (text.startsWith('```')) inside = !inside && text === '```sh'
    else if (inside && text !== '') commands.push(text)
  }
  if (commands.length === 0)
    throw new Error(`recipeCommands: the section '${heading}' has no sh block with a command.`)
  return commands
}
