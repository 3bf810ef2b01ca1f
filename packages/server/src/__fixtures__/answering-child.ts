import { setTimeout as delayed } from 'node:timers/promises'
import { jsonLog } from '../index.ts'
import { serveConnections } from '../processes/serve-connections.ts'
import { scriptedPredictor } from './scripted-predictor.ts'

const [model = '', delay = '0', maxTexts = '5'] = process.argv.slice(2)

const { predictor } = scriptedPredictor(async () => {
  await delayed(Number(delay))
})
await serveConnections({
  processes: 2,
  maxTexts: Number(maxTexts),
  maxWaiting: 10,
  model: model === 'scripted' ? { predictor, id: String(process.pid) } : model,
  log: jsonLog((line) => process.stdout.write(line)),
})
