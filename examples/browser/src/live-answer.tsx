import type { Prediction, PredictorInfo } from '@kic/predictor'
import { useCallback, useState } from 'preact/hooks'
import { CodeName } from './code-name.tsx'
import { CodeSets } from './code-sets.tsx'
import { alternatives } from './coded-row.ts'
import { explainOne, predictOne } from './coder.ts'
import type { Coverage } from './coverage-choice.tsx'
import { percent } from './format.ts'
import type { Messages } from './messages.ts'
import { Reasons } from './reasons.tsx'
import { useAnswer } from './use-answer.ts'

const explain = explainOne('live')

/** A field, and the codes of its text while it is typed. */
export const LiveAnswer = ({ t, info }: { readonly t: Messages; readonly info: PredictorInfo }) => {
  const [text, setText] = useState('')
  const [coverage, setCoverage] = useState<Coverage>(0.9)
  const guarantees = info.calibration?.guarantees
  const predict = useCallback(
    (given: string) => predictOne(given, guarantees === undefined ? undefined : coverage),
    [guarantees, coverage],
  )
  const { answer, problem } = useAnswer(text.trim() === '' ? undefined : text, predict)
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
        <>
          {answer.sets !== undefined && guarantees !== undefined && (
            <CodeSets
              t={t}
              levels={info.levels}
              sets={answer.sets}
              on={guarantees.on}
              coverage={coverage}
              onCoverage={setCoverage}
            />
          )}
          <Reasons t={t} text={answer.text} explain={explain} heading="h2" />
        </>
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
      {prediction.novelty?.novel === true && <p class="novel">{t.novel}</p>}
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
        {alternatives(prediction, info.levels).map(({ code, name, confidence }) => (
          <li key={code}>
            <CodeName code={code} name={name} lang={t.textLanguage} />{' '}
            <span class="muted">{percent(confidence)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
