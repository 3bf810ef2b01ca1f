import { unsupported } from '../pipeline/refuse.ts'
import { type Segmenter, segmentsOf } from '../pipeline/split-text.ts'
import { compilePattern } from './pattern-program.ts'
import { PatternSyntaxError, readPattern } from './pattern-syntax.ts'
import { createMatcher } from './run-program.ts'

/** A regular expression's matches as delimiters. @throws KicError `tokenizer/unsupported-component` */
export const matchesOf = (source: string, where: string): Segmenter => {
  try {
    const match = createMatcher(compilePattern(readPattern(source)))
    return (text) => segmentsOf(text.length, match(text))
  } catch (cause) {
    if (!(cause instanceof PatternSyntaxError)) throw cause
    throw unsupported(
      where,
      `of the syntax that @kic/tokenizer runs, but it meets ${JSON.stringify(cause.message)}`,
      source,
      'Rewrite it with sets, groups, alternation and repetition alone, as the README of @kic/tokenizer lists them.',
    )
  }
}
