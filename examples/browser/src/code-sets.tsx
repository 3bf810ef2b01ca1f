import type { CodedText } from '@kic/predictor'
import { useId } from 'preact/hooks'
import { CodeName } from './code-name.tsx'
import { type Coverage, CoverageChoice } from './coverage-choice.tsx'
import { wholePercent } from './format.ts'
import type { Messages } from './messages.ts'

/** Codes of a set that are shown at once; the rest unfolds. */
const SHOWN = 8

interface Props {
  readonly t: Messages
  /** Names of levels, coarsest first. */
  readonly levels: readonly string[]
  /** By level, the codes of its set, most probable first. */
  readonly sets: NonNullable<CodedText['sets']>
  /** A description of the rows that the sets were calibrated on. */
  readonly on: string
  readonly coverage: Coverage
  readonly onCoverage: (coverage: Coverage) => void
}

/** At each level, the codes among which the right one is as often as the visitor wishes. */
export const CodeSets = ({ t, levels, sets, on, coverage, onCoverage }: Props) => {
  const name = useId()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for the controls alone
    <div class="sets" role="group" aria-labelledby={name}>
      <h2 class="small" id={name}>
        {t.sets}
      </h2>
      <CoverageChoice t={t} coverage={coverage} onCoverage={onCoverage} />
      <dl class="codes">
        {levels.map((level) => (
          <div key={level}>
            <dt>
              {t.levels[level] ?? level} <span class="size">({t.codes(sets[level]?.length ?? 0)})</span>
            </dt>
            <dd>
              <SetOfCodes t={t} codes={sets[level] ?? []} />
            </dd>
          </div>
        ))}
      </dl>
      <p class="muted">{t.setsMean(wholePercent(coverage), on)}</p>
    </div>
  )
}

const SetOfCodes = ({
  t,
  codes,
}: {
  readonly t: Messages
  readonly codes: NonNullable<CodedText['sets']>[string]
}) => {
  const list = (part: typeof codes) => (
    <ul class="set">
      {part.map(({ code, name }) => (
        <li key={code}>
          <CodeName code={code} name={name} lang={t.textLanguage} />
        </li>
      ))}
    </ul>
  )
  const more = codes.slice(SHOWN)
  return (
    <>
      {list(codes.slice(0, SHOWN))}
      {more.length > 0 && (
        <details>
          <summary>{t.moreCodes(more.length)}</summary>
          {list(more)}
        </details>
      )}
    </>
  )
}
