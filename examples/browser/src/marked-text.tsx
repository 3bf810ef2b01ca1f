import type { ExplainedText } from '@kic/predictor'
import type { MarkedCharacter } from './marks.ts'
import type { Messages } from './messages.ts'

interface Props {
  readonly t: Messages
  readonly reasons: Pick<ExplainedText, 'first' | 'second'>
  readonly characters: readonly MarkedCharacter[]
}

/** A text with solid lines under the characters that carried the answer, and dotted lines over those for the second one. */
export const MarkedText = ({ t, reasons: { first, second }, characters }: Props) => (
  // The legend says the same in words.
  <p class="marked" lang={t.textLanguage} aria-hidden="true">
    {characters.map(({ character, marks, ...weights }, i) => {
      if (/\s/.test(character)) return ' '
      const lines = [
        marks.first > 0 ? `first-${marks.first}` : '',
        marks.second > 0 ? `second-${marks.second}` : '',
      ]
      const title = [
        `${first.code} ${signed(weights.first)}`,
        second === undefined ? '' : `${second.code} ${signed(weights.second)}`,
      ]
      return (
        <span key={i} class={lines.join(' ')} title={title.join('\n').trim()}>
          {character}
        </span>
      )
    })}
  </p>
)

/** 1.234 → +1.23 */
const signed = (weight: number): string => `${weight < 0 ? '−' : '+'}${Math.abs(weight).toFixed(2)}`
