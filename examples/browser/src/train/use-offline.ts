import { useEffect, useState } from 'preact/hooks'
import { keepOffline } from '../keep-offline.ts'

/** Keeps the files of the training page, and tells whether they are kept. */
export const useOffline = (): boolean => {
  const [kept, setKept] = useState(false)
  useEffect(() => {
    const answered = ({ data }: MessageEvent): void => {
      if (data === 'training') setKept(true)
    }
    navigator.serviceWorker?.addEventListener('message', answered)
    // Listeners alone do not open the queue of messages.
    navigator.serviceWorker?.startMessages()
    void keepOffline().then((registration) => registration?.active?.postMessage('training'))
    return () => navigator.serviceWorker?.removeEventListener('message', answered)
  }, [])
  return kept
}
