import { restoreCode } from '@kic/classification'
import type { PredictorInfo } from '@kic/predictor'
import { useEffect, useRef, useState } from 'preact/hooks'
import { CodeName } from './code-name.tsx'
import { type CodedRow, rowStatus } from './coded-row.ts'
import { explainOne } from './coder.ts'
import { percent } from './format.ts'
import type { Messages } from './messages.ts'
import { Reasons } from './reasons.tsx'

const explain = explainOne('review')

interface Props {
  readonly t: Messages
  readonly info: PredictorInfo
  readonly rows: readonly CodedRow[]
  readonly threshold: number
  readonly onRows: (rows: readonly CodedRow[]) => void
}

/** Rows below the threshold one by one: choose among the model's alternatives or give another code. */
export const Review = ({ t, info, rows, threshold, onRows }: Props) => {
  const [at, setAt] = useState(0)
  const [other, setOther] = useState('')
  const [problem, setProblem] = useState<string>()
  const first = useRef<HTMLButtonElement>(null)
  const moved = useRef(false)
  // Chosen rows stay in the list, so that one can go back to them.
  const listed = rows.flatMap((row, i) =>
    rowStatus({ cells: row.cells, prediction: row.prediction }, threshold) === 'review' ? [i] : [],
  )
  const left = listed.filter((i) => rows[i]?.chosen === undefined).length
  const place = Math.min(at, listed.length - 1)
  const row = rows[listed[place] ?? -1]

  useEffect(() => {
    if (moved.current) first.current?.focus()
    moved.current = false
  }, [place])

  const move = (to: number): void => {
    moved.current = true
    setOther('')
    setProblem(undefined)
    setAt(Math.max(0, Math.min(listed.length - 1, to)))
  }
  const choose = (code: string): void => {
    onRows(rows.map((one, i) => (i === listed[place] ? { ...one, chosen: code } : one)))
    move(place + 1)
  }
  const chooseOther = (): void => {
    const code = restoreCode(info.classification, info.levels.at(-1) ?? '', other.trim())
    if (code === undefined) setProblem(t.unknownCode)
    else choose(code)
  }

  if (row === undefined || row.prediction.status === 'unusable') {
    return (
      <section class="card">
        <h3>{t.reviewTitle(0)}</h3>
        <p>{t.reviewDone}</p>
      </section>
    )
  }
  const { top, text } = row.prediction
  return (
    <section
      class="card"
      aria-labelledby="review"
      onKeyDown={(event) => {
        if (event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey) return
        const candidate = /^[1-5]$/.test(event.key) ? top[Number(event.key) - 1] : undefined
        if (candidate !== undefined) choose(candidate.code)
        else if (event.key === 'ArrowRight') move(place + 1)
        else if (event.key === 'ArrowLeft') move(place - 1)
        else return
        event.preventDefault()
      }}
    >
      <h3 id="review">{t.reviewTitle(left)}</h3>
      <p class="muted">{t.reviewHelp}</p>
      <p aria-live="polite">
        <span class="muted">{t.position(place + 1, listed.length)}</span>
        <br />
        <strong lang={t.textLanguage} class="reviewed">
          {text}
        </strong>
      </p>
      <ol class="candidates">
        {top.map(({ code, name, confidence }, i) => (
          // The buttons stay when the row changes, and with them the focus.
          <li key={i}>
            <button
              type="button"
              ref={i === 0 ? first : null}
              aria-pressed={row.chosen === code}
              onClick={() => choose(code)}
            >
              <kbd>{i + 1}</kbd> <CodeName code={code} name={name} lang={t.textLanguage} />{' '}
              <span class="share">{percent(confidence)}</span>
            </button>
          </li>
        ))}
      </ol>
      <form
        class="other"
        onSubmit={(event) => {
          event.preventDefault()
          chooseOther()
        }}
      >
        <label for="other">{t.otherCode}</label>
        <input
          id="other"
          inputmode={info.classes.every((code) => /^\d+$/.test(code)) ? 'numeric' : 'text'}
          value={other}
          aria-describedby={problem === undefined ? undefined : 'other-problem'}
          onInput={(event) => setOther(event.currentTarget.value)}
        />
        <button type="submit" disabled={other.trim() === ''}>
          {t.apply}
        </button>
        {problem !== undefined && (
          <span id="other-problem" role="alert" class="error">
            {problem}
          </span>
        )}
      </form>
      <Reasons t={t} text={text} explain={explain} heading="h4" />
      <p class="moves">
        <button type="button" disabled={place === 0} onClick={() => move(place - 1)}>
          {t.previous}
        </button>
        <button type="button" disabled={place === listed.length - 1} onClick={() => move(place + 1)}>
          {t.next}
        </button>
      </p>
    </section>
  )
}
