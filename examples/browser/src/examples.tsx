import type { Example } from '@kic/predictor'
import { useId } from 'preact/hooks'
import { CodeName } from './code-name.tsx'
import { wholePercent } from './format.ts'
import type { Messages } from './messages.ts'

/** Coded texts like the visitor's, most similar first. */
export const Examples = ({
  t,
  examples,
}: {
  readonly t: Messages
  readonly examples: readonly Example[]
}) => {
  const id = useId()
  return (
    <>
      <p class="small" id={id}>
        {t.examples}
      </p>
      <ul class="examples" aria-labelledby={id}>
        {examples.map(({ text, code, name, similarity }, i) => (
          <li key={i}>
            <q lang={t.textLanguage}>{text}</q> <span class="muted">{t.alike(wholePercent(similarity))}</span>
            <br />
            <CodeName code={code} name={name} lang={t.textLanguage} />
          </li>
        ))}
      </ul>
    </>
  )
}
