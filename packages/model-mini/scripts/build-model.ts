import { join } from 'node:path'
import { selectEngine } from '@kic/engine'
import { packModel } from './pack-model.ts'
import { settings } from './settings.ts'
import { trainMini } from './train-mini.ts'

const root = join(import.meta.dirname, '../../..')
const trained = join(root, 'runs/model-mini')

// `--pack` packs the published folder again from trained weights.
if (!process.argv.includes('--pack')) {
  // One thread: small matrices gain nothing from more threads.
  const engine = await selectEngine('compiled', { session: { intraOpNumThreads: 1 } })
  console.log(`engine: ${engine.description}`)
  await trainMini(engine, settings, trained)
  engine.dispose()
}
await packModel(trained, join(import.meta.dirname, '../model'), settings)
