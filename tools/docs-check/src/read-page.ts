/** What can be checked of a page in Markdown. */
export interface Page {
  /** All blocks of TypeScript, in order: one program, so that a later block may use what an earlier one made. */
  readonly program: string
  /** Relative targets of links and pictures, without anchors. */
  readonly links: readonly string[]
}

export const readPage = (markdown: string): Page => {
  const blocks = [...markdown.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((block) => block[1] ?? '')
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '')
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((link) => (link[1] ?? '').replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
  return { program: blocks.join('\n'), links }
}
