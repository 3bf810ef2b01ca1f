import './style.css'
import { render } from 'preact'
import { App } from './app.tsx'
import { keepOffline } from './keep-offline.ts'

render(<App />, document.body)
void keepOffline()
