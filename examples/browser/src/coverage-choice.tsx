import { useId } from 'preact/hooks'
import { wholePercent } from './format.ts'
import type { Messages } from './messages.ts'

/** How often sets have the right code. */
const COVERAGES = [0.8, 0.9, 0.95] as const
export type Coverage = (typeof COVERAGES)[number]

interface Props {
  readonly t: Messages
  readonly coverage: Coverage
  readonly onCoverage: (coverage: Coverage) => void
}

/** The share of texts whose set has the right code. */
export const CoverageChoice = ({ t, coverage, onCoverage }: Props) => {
  const name = useId()
  return (
    <fieldset class="coverage">
      <legend>{t.coverage}</legend>
      {COVERAGES.map((one) => (
        <label key={one}>
          <input type="radio" name={name} checked={one === coverage} onChange={() => onCoverage(one)} />
          {wholePercent(one)}
        </label>
      ))}
    </fieldset>
  )
}
