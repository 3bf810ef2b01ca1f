/** A program whose statements after its imports are in an async function, because CommonJS has no top-level await. */
export const asyncBody = (program: string): string => {
  const lines = program.split('\n')
  const first = lines.findLastIndex((line) => /^(import\b|\} from )/.test(line)) + 1
  const [imports, body] = [lines.slice(0, first), lines.slice(first)]
  return `${imports.join('\n')}\nconst main = async (): Promise<void> => {\n${body.join('\n')}\n}\nvoid main()\n`
}
