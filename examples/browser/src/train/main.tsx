import '../style.css'
import { render } from 'preact'
import { TrainApp } from './train-app.tsx'

render(<TrainApp />, document.body)
