import './style.css'
import { render } from 'preact'
import { App } from './app.tsx'

render(<App />, document.body)

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  // Without it, in a private window for instance, the page works just the same, but not offline.
  navigator.serviceWorker.register('./service-worker.js').catch((error: unknown) => console.warn(error))
}
