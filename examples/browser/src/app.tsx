import type { PredictorInfo } from '@kic/predictor'
import { useEffect, useState } from 'preact/hooks'
import { BatchInput } from './batch-input.tsx'
import { loadModel } from './coder.ts'
import { LiveAnswer } from './live-answer.tsx'
import { type Language, messagesFor } from './messages.ts'

const startLanguage = (): Language => (navigator.language.startsWith('ko') ? 'ko' : 'en')

/** The whole page. */
export const App = () => {
  const [language, setLanguage] = useState(startLanguage)
  const [info, setInfo] = useState<PredictorInfo>()
  const [failure, setFailure] = useState<string>()
  const t = messagesFor(info, language)
  useEffect(() => {
    if (info === undefined) return
    document.documentElement.lang = t.otherLanguage === undefined ? 'en' : language
    document.title = t.title
  }, [info, language, t])
  useEffect(() => {
    loadModel().then(setInfo, (error: unknown) =>
      setFailure(error instanceof Error ? error.message : String(error)),
    )
  }, [])
  return (
    <>
      <header>
        <h1>{info === undefined ? 'KIC' : t.title}</h1>
        {info !== undefined && t.otherLanguage !== undefined && (
          <button
            type="button"
            class="plain"
            lang={language === 'ko' ? 'en' : 'ko'}
            onClick={() => setLanguage(language === 'ko' ? 'en' : 'ko')}
          >
            {t.otherLanguage}
          </button>
        )}
      </header>
      <main>
        <p>
          {info !== undefined && t.lead} <strong>{t.privacy}</strong>
        </p>
        {failure !== undefined && (
          <p role="alert" class="error">
            {t.loadFailed(failure)}
          </p>
        )}
        {info === undefined && failure === undefined && <p role="status">{t.loading}</p>}
        {info !== undefined && (
          <>
            <LiveAnswer t={t} info={info} />
            <BatchInput t={t} info={info} />
          </>
        )}
      </main>
    </>
  )
}
