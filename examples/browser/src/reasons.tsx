import type { Candidate, ExplainedText } from '@kic/predictor'
import { useId, useMemo } from 'preact/hooks'
import { CodeName } from './code-name.tsx'
import type { explainOne } from './coder.ts'
import { Examples } from './examples.tsx'
import { percent } from './format.ts'
import { MarkedText } from './marked-text.tsx'
import { type MarkedCharacter, markCharacters, markedParts, type Side } from './marks.ts'
import type { Messages } from './messages.ts'
import { useAnswer } from './use-answer.ts'

/** Milliseconds after the last key before a text is explained, which takes a hundred answers. */
const PAUSE = 300

interface Props {
  readonly t: Messages
  /** A text with an answer, prepared as the model reads it. */
  readonly text: string
  /** Asks for its explanation: a function of its own for each place on the page. */
  readonly explain: ReturnType<typeof explainOne>
  /** The level of its heading. */
  readonly heading: 'h2' | 'h4'
}

/** The reasons for the answer to a text, as soon as they are there. */
export const Reasons = ({ t, text, explain, heading: Heading }: Props) => {
  const { answer, problem } = useAnswer(text, explain, PAUSE)
  const id = useId()
  const reasons = answer?.status === 'explained' && answer.text === text ? answer : undefined
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls
    <div class="reasons" role="group" aria-labelledby={id}>
      <Heading class="small" id={id}>
        {t.reasons}
      </Heading>
      {reasons !== undefined && <Explained t={t} reasons={reasons} />}
      {reasons === undefined && problem === undefined && <p class="muted">{t.explaining}</p>}
      {problem !== undefined && <p class="error">{problem}</p>}
    </div>
  )
}

const Explained = ({ t, reasons }: { readonly t: Messages; readonly reasons: ExplainedText }) => {
  const characters = useMemo(() => markCharacters(reasons.characters), [reasons])
  const { first, second, strongest, examples = [] } = reasons
  const removed = strongest.places.map((place) => reasons.characters[place]?.character ?? '')
  return (
    <>
      <MarkedText t={t} reasons={reasons} characters={characters} />
      <ul class="legend">
        <Legend t={t} side="first" answer={first} characters={characters} />
        {second !== undefined && <Legend t={t} side="second" answer={second} characters={characters} />}
      </ul>
      <p class="muted">
        {t.without(removed, first.code, percent(strongest.confidence), percent(first.confidence))}
      </p>
      {examples.length > 0 && <Examples t={t} examples={examples} />}
    </>
  )
}

/** Parts that a legend lists. */
const PARTS = 5

const Legend = ({
  t,
  side,
  answer: { code, name },
  characters,
}: {
  readonly t: Messages
  readonly side: Side
  readonly answer: Candidate
  readonly characters: readonly MarkedCharacter[]
}) => {
  const parts = markedParts(characters, side).slice(0, PARTS)
  return (
    <li>
      <span class={`sample ${side}-2`} aria-hidden="true">
        {t.sample}
      </span>{' '}
      <span>
        {t.speaksFor[side]} <CodeName code={code} name={name} lang={t.textLanguage} />:{' '}
        {parts.length === 0 ? t.noPart : <strong lang={t.textLanguage}>{parts.join(' · ')}</strong>}
      </span>
    </li>
  )
}
