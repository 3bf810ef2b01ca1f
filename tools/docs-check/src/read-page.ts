/** What can be checked of a page in Markdown. */
export interface Page {
  /**
   * All blocks of TypeScript, in order: one program, so that a later block may use what an earlier one made. Each line has
   * its number in the page; the lines between blocks are empty. '' where there is no block.
   */
  readonly program: string
  /** Relative targets of links and pictures, without anchors. */
  readonly links: readonly string[]
}

export const readPage = (markdown: string): Page => {
  const program = markdown
    .split('\n')
    .reduce<{ lines: string[]; fence: string | undefined }>(
      ({ lines, fence }, line) => {
        const info = /^```(.*)$/.exec(line)?.[1]
        if (info === undefined) return { lines: [...lines, fence === 'ts' ? line : ''], fence }
        return { lines: [...lines, ''], fence: fence === undefined ? info : undefined }
      },
      { lines: [], fence: undefined },
    )
    .lines.join('\n')
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '')
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((link) => (link[1] ?? '').replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
  return { program: program.trim() === '' ? '' : program, links }
}
