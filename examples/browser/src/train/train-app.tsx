import type { TrainedFiles } from '@kic/classifier/in-memory'
import { useEffect, useRef, useState } from 'preact/hooks'
import { LanguageButton, startLanguage } from '../language-button.tsx'
import { messageOf } from '../message-of.ts'
import { ChooseRows, type Chosen } from './choose-rows.tsx'
import { TrainedModel } from './trained-model.tsx'
import { stopTraining, train } from './trainer.ts'
import { noProgress, progressAfter, type TrainingProgress } from './training-event.ts'
import { trainingMessages } from './training-messages.ts'
import { TrainingView } from './training-view.tsx'
import { useOffline } from './use-offline.ts'

/** Where the visitor's rows are on their way to a model. */
type Stage =
  | { readonly kind: 'rows' }
  | { readonly kind: 'training'; readonly stopping: boolean }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'trained'; readonly model: Omit<TrainedFiles, 'files'> }

/** The whole training page. */
export const TrainApp = () => {
  const [language, setLanguage] = useState(startLanguage)
  const [stage, setStage] = useState<Stage>({ kind: 'rows' })
  const [progress, setProgress] = useState<TrainingProgress>(noProgress)
  const heading = useRef<HTMLHeadingElement>(null)
  const offline = useOffline()
  const t = trainingMessages(language)
  useEffect(() => {
    document.documentElement.lang = language
    document.title = t.title
  }, [language, t.title])
  // The button that was pressed is gone, so the focus moves to what came.
  useEffect(() => heading.current?.focus(), [stage.kind])

  const start = async ({ rows, passes }: Chosen): Promise<void> => {
    setProgress(noProgress)
    setStage({ kind: 'training', stopping: false })
    try {
      const model = await train(rows, passes, (event) =>
        setProgress((before) => progressAfter(before, event)),
      )
      setStage({ kind: 'trained', model })
    } catch (error) {
      setStage({ kind: 'failed', problem: messageOf(error) })
    }
  }
  const stop = (): void => {
    setStage({ kind: 'training', stopping: true })
    void stopTraining()
  }

  return (
    <>
      <header>
        <h1>{t.title}</h1>
        {t.otherLanguage !== undefined && (
          <LanguageButton language={language} other={t.otherLanguage} onLanguage={setLanguage} />
        )}
      </header>
      <main>
        <p>
          {t.lead} <strong>{t.privacy}</strong>
        </p>
        <p>
          <a href="./">{t.toCoding}</a>
        </p>
        <ChooseRows t={t} disabled={stage.kind === 'training'} onStart={(chosen) => void start(chosen)} />
        {stage.kind === 'failed' && (
          <p role="alert" class="error">
            {t.failed(stage.problem)}
          </p>
        )}
        {(stage.kind === 'training' || stage.kind === 'trained') && (
          <TrainingView
            t={t}
            heading={stage.kind === 'training' ? heading : null}
            progress={progress}
            state={stage.kind === 'trained' ? 'ended' : stage.stopping ? 'stopping' : 'running'}
            onStop={stop}
          />
        )}
        {stage.kind === 'trained' && <TrainedModel t={t} heading={heading} model={stage.model} />}
        <p class="muted" role="status">
          {offline && t.offline}
        </p>
      </main>
    </>
  )
}
