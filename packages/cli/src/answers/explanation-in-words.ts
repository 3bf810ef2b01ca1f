import { defined, percent, terminalWidth, textTable } from '@kic/core'
import type { CharacterWeight, Example, Explanation } from '@kic/predictor'

/** Weights as the height of a bar. */
const BARS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/**
 * An explanation as a chart: a bar over each character for the first answer, one below for the second, the strongest
 * characters with the confidence without them, and the nearest coded texts.
 */
export const explanationInWords = (explanation: Explanation): string => {
  if (explanation.status === 'unusable') return ''
  const { characters, first, second, strongest, examples = [] } = explanation
  const largest = Math.max(...characters.flatMap((one) => [one.first, one.second]), 0)
  const named = strongest.places.map((place) => defined(characters[place]).character).join(' ')
  const lines = [
    `${bars(characters, 'first', largest)}  ${first.code}`,
    characters.map(({ character }) => character).join(''),
    ...(second === undefined ? [] : [`${bars(characters, 'second', largest)}  ${second.code}`]),
    `without ${named}: ${percent(strongest.confidence)}`,
  ]
  // A table of one column each: control characters of a label or a text must not reach the terminal.
  return `  why\n${lines.map((line) => textTable([[line]], '    ')).join('')}${examplesInWords(examples)}`
}

const examplesInWords = (examples: readonly Example[]): string =>
  examples.length === 0
    ? ''
    : `  like\n${textTable(
        examples.map(({ code, similarity, text }) => [code, similarity.toFixed(2), text]),
        '    ',
      )}`

const bars = (characters: readonly CharacterWeight[], answer: 'first' | 'second', largest: number): string =>
  characters
    .map((one) => {
      const height = largest > 0 ? Math.round((Math.max(0, one[answer]) / largest) * (BARS.length - 1)) : 0
      return defined(BARS[height]).repeat(terminalWidth(one.character))
    })
    .join('')
