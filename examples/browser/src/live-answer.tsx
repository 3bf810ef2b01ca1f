import type { Prediction, PredictorInfo } from '@kic/predictor'
import { useState } from 'preact/hooks'
import { CodeName } from './code-name.tsx'
import { explainOne, predictOne } from './coder.ts'
import { percent } from './format.ts'
import type { Messages } from './messages.ts'
import { Reasons } from './reasons.tsx'
import { useAnswer } from './use-answer.ts'

const explain = explainOne('live')

/** A field, and the codes of its text while it is typed. */
export const LiveAnswer = ({ t, info }: { readonly t: Messages; readonly info: PredictorInfo }) => {
  const [text, setText] = useState('')
  const { answer, problem } = useAnswer(text.trim() === '' ? undefined : text, predictOne)
  return (
    <section class="card">
      <label for="description">{t.describe}</label>
      <input
        id="description"
        type="text"
        lang={t.textLanguage}
        autocomplete="off"
        placeholder={t.placeholder}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div role="status" class="answer">
        {answer && <Answer t={t} info={info} prediction={answer} />}
      </div>
      {problem !== undefined && (
        <p role="alert" class="error">
          {problem}
        </p>
      )}
      {answer !== undefined && answer.status !== 'unusable' && (
        <Reasons t={t} text={answer.text} explain={explain} heading="h2" />
      )}
    </section>
  )
}

const Answer = ({
  t,
  info,
  prediction,
}: {
  readonly t: Messages
  readonly info: PredictorInfo
  readonly prediction: Prediction
}) => {
  if (prediction.status === 'unusable') return <p class="muted">{t.unusable[prediction.reason]}</p>
  return (
    <>
      <dl class="codes">
        {info.levels.map((level) => {
          const found = prediction.codes[level]
          return (
            found && (
              <div key={level}>
                <dt>{t.levels[level] ?? level}</dt>
                <dd>
                  <CodeName code={found.code} name={found.name} lang={t.textLanguage} />{' '}
                  <span class="muted">{percent(found.confidence)}</span>
                </dd>
              </div>
            )
          )
        })}
      </dl>
      <h2 class="small">{t.alternatives}</h2>
      <ul class="alternatives">
        {prediction.top.slice(1).map(({ code, name, confidence }) => (
          <li key={code}>
            <CodeName code={code} name={name} lang={t.textLanguage} />{' '}
            <span class="muted">{percent(confidence)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
