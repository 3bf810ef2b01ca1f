import type { PredictorInfo } from '@kic/predictor'
import { useCallback, useEffect, useState } from 'preact/hooks'
import { BatchInput } from './batch-input.tsx'
import { loadModel } from './coder.ts'
import { LanguageButton, startLanguage } from './language-button.tsx'
import { LiveAnswer } from './live-answer.tsx'
import { messageOf } from './message-of.ts'
import { messagesFor } from './messages.ts'
import { ModelCard, type ModelState } from './model-card.tsx'
import type { VisitorFolder } from './model-source.ts'

/** A model that answers. */
interface LoadedModel {
  readonly info: PredictorInfo
  /** The visitor's folder that it is from; `undefined` for the one beside the page. */
  readonly folder: string | undefined
  /** Number of models so far: what belongs to one does not outlive it. */
  readonly count: number
}

/** The whole page. */
export const App = () => {
  const [language, setLanguage] = useState(startLanguage)
  const [model, setModel] = useState<LoadedModel>()
  const [state, setState] = useState<ModelState>({ kind: 'loading' })
  const info = model?.info
  const t = messagesFor(info, language)
  useEffect(() => {
    document.documentElement.lang = t.otherLanguage === undefined ? 'en' : language
    if (info !== undefined) document.title = t.title
  }, [info, language, t])
  const load = useCallback((folder?: VisitorFolder): void => {
    setState({ kind: 'loading' })
    loadModel(folder).then(
      (loaded) => {
        setModel((last) => ({ info: loaded, folder: folder?.name, count: (last?.count ?? 0) + 1 }))
        setState({ kind: 'ready' })
      },
      (error: unknown) => setState({ kind: 'failed', problem: messageOf(error) }),
    )
  }, [])
  useEffect(load, [load])
  return (
    <>
      <header>
        <h1>{info === undefined ? 'KIC' : t.title}</h1>
        {info !== undefined && t.otherLanguage !== undefined && (
          <LanguageButton language={language} other={t.otherLanguage} onLanguage={setLanguage} />
        )}
      </header>
      <main>
        <p>
          {info !== undefined && t.lead} <strong>{t.privacy}</strong>
        </p>
        {info !== undefined && (
          <div key={model?.count}>
            <LiveAnswer t={t} info={info} />
            <BatchInput t={t} info={info} />
          </div>
        )}
        {info === undefined && state.kind === 'loading' ? (
          <p role="status">{t.loading}</p>
        ) : (
          <ModelCard
            t={t}
            state={state}
            info={info}
            folder={model?.folder}
            onFolder={load}
            onProblem={(problem) => setState({ kind: 'failed', problem })}
          />
        )}
      </main>
    </>
  )
}
