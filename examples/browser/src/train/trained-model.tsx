import type { TrainedFiles } from '@kic/classifier/in-memory'
import { defined } from '@kic/core'
import type { Prediction } from '@kic/predictor'
import type { Ref } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { download } from '../download.ts'
import { percent } from '../format.ts'
import { messageOf } from '../message-of.ts'
import { FOLDER, writeFolder, zipped } from './save-model.ts'
import { predictTrained, trainedFiles } from './trainer.ts'
import type { TrainingMessages } from './training-messages.ts'

interface Props {
  readonly t: TrainingMessages
  readonly heading: Ref<HTMLHeadingElement>
  readonly model: Omit<TrainedFiles, 'files'>
}

/** The trained model: how good it is, a field to try it, and ways to save it. */
export const TrainedModel = ({ t, heading, model }: Props) => (
  <section aria-labelledby="trained">
    <h2 id="trained" ref={heading} tabIndex={-1}>
      {t.model}
    </h2>
    <div class="card">
      {model.accuracy === undefined ? (
        <p>{t.noAccuracy}</p>
      ) : (
        <dl class="counts">
          <div>
            <dt>{t.accuracy}</dt>
            <dd>{percent(model.accuracy)}</dd>
            <dt>{t.accuracyOn(model.validationRows)}</dt>
          </div>
        </dl>
      )}
      <p>
        {t.learnedFrom(model.trainingRows, model.classes.length)} {model.stopped === 'aborted' && t.stopped}
      </p>
      <TryIt t={t} model={model} />
      <SaveIt t={t} />
    </div>
  </section>
)

/** A text and the model's answer, as the visitor types. */
const TryIt = ({ t, model }: Omit<Props, 'heading'>) => {
  const [text, setText] = useState('')
  const [answer, setAnswer] = useState<Prediction>()
  useEffect(() => {
    let current = true
    setAnswer(undefined)
    if (text.trim() !== '') void predictTrained(text).then((found) => current && setAnswer(found))
    return () => {
      current = false
    }
  }, [text, model])
  return (
    <>
      <label for="try">{t.tryIt}</label>
      <textarea id="try" rows={2} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      <p class="tried" role="status">
        {answer?.status === 'unusable' && t.unusable[answer.reason]}
        {answer !== undefined && answer.status !== 'unusable' && (
          <>
            <strong>{answer.codes.label?.code}</strong>{' '}
            <span class="muted">
              {t.confidence} {percent(answer.confidence)}
            </span>
          </>
        )}
      </p>
    </>
  )
}

/** The model's folder, as an archive or on the disk. */
const SaveIt = ({ t }: Pick<Props, 't'>) => {
  const [saved, setSaved] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const save = async (how: () => Promise<string>): Promise<void> => {
    try {
      setProblem(undefined)
      setSaved(await how())
    } catch (error) {
      // A visitor who closes the dialog has chosen to save nothing.
      if (!(error instanceof DOMException && error.name === 'AbortError')) setProblem(messageOf(error))
    }
  }
  const saveZip = async (): Promise<string> => {
    download(`${FOLDER}.zip`, new Blob([zipped(await trainedFiles())], { type: 'application/zip' }))
    return `${FOLDER}.zip`
  }
  const saveFolder = async (): Promise<string> => {
    const place = defined(await window.showDirectoryPicker?.({ mode: 'readwrite' }))
    await writeFolder(place, await trainedFiles())
    return `${place.name}/${FOLDER}`
  }
  return (
    <>
      <h3>{t.save}</h3>
      <p class="moves">
        <button type="button" onClick={() => void save(saveZip)}>
          {t.zip}
        </button>
        {window.showDirectoryPicker !== undefined && (
          <button type="button" onClick={() => void save(saveFolder)}>
            {t.folder}
          </button>
        )}
      </p>
      <p role="status">{saved !== undefined && t.saved(saved)}</p>
      {problem !== undefined && (
        <p role="alert" class="error">
          {problem}
        </p>
      )}
      <p class="muted">{t.use}</p>
    </>
  )
}
